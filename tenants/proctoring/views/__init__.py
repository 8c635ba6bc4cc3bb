"""Pages of the live room: the console and its commands, incidents, minutes."""
