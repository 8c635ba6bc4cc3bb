"""The live room: presence, commands, incidents, minutes."""
