"""Public pages and files of disclosure: thin."""
