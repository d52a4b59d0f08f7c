"""Reads for pages. A file a noun."""
