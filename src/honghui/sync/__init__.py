"""Forms of a phone that was offline: each taken in once, with its photos."""
