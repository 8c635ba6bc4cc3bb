"""Reads of sittings: for the desk and the room, tickets, events by number."""
