"""Writes of tests: attempts, what those on duty do with them, the day of a sitting, ratings."""
