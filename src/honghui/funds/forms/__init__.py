"""What may be typed. What it means is decided by the actions."""
