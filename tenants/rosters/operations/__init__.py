"""Writes of rosters: applications with their decision, enrolments, people at the counter."""
