"""Reads: for the worker, and for the desk."""
