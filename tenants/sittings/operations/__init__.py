"""Writes of sittings: rooms, sittings, their candidates, and the events of a room."""
