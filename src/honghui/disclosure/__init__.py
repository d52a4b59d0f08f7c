"""What the society tells everybody: the log, how to check it, bulletins and their corrections."""
