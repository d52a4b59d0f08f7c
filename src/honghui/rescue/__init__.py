"""Rescue: teams, incidents, missions, the board, and the report that writes itself."""
