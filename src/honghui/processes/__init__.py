"""Where jobs meet: what only several of them together can tell or do."""
