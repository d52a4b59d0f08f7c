"""Tables and constraints, no verbs. A file a noun."""
