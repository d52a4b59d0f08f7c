"""The papers of money: what a giver takes home."""
