"""Thin: the answer page, and the desk."""
