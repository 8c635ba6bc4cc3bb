"""Reads: the questions, the scores that are due, runs, the public tables, an institution's history."""
