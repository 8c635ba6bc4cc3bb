"""Reads of tests: attempts for their candidates, seats for the room, results for sittings."""
