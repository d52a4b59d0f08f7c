"""Words for what the rows hold as codes, a file a noun."""
