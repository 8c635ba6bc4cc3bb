"""Reads of rosters: enrolments, readiness for the test, and what waits for trainees and staff."""
