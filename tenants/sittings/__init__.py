"""Sittings, rooms, seats, attempts, answers, scores (policy part 1.2: on site, closed book, by computer)."""
