"""Pure functions of a sitting: its seats and its numbers."""
