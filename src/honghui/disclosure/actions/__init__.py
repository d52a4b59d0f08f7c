"""Every write of this folder. A file a noun."""
