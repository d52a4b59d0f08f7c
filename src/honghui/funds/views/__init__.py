"""Pages: the desk's, and everybody's."""
