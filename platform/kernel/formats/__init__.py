"""Formats of days and moments that are this platform's own, by language."""
