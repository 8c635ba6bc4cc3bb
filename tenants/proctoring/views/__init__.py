"""Pages of the live room: the console and its orders, incidents, minutes."""
