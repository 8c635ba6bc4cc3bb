"""Pages of sittings: rooms and sittings for the desk, the ticket for candidates."""
