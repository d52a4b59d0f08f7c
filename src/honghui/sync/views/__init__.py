"""Thin views: where phones send, and their own pages."""
