"""Thin views of the desk. What a platform calls is no view: see door.py."""
