"""Reads of the registry for pages and reports. Each says what it costs."""
