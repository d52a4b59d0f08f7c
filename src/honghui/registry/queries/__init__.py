"""Reads for pages and reports. Each says what it costs; a test holds it to that."""
