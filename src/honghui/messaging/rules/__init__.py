"""What may be: pure functions over texts, times and codes. No database, no clock, no files."""
