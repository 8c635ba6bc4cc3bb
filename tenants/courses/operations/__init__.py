"""Writes of courses: programmes and lessons, classes, seats, study, hours."""
