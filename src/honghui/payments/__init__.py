"""Payment platforms: orders, signed notifications, refunds, and a simulated platform."""
