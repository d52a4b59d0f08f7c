"""Pages of messages on the desk, thin."""
