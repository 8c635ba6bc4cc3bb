"""Writes of privacy: rights, deletions, incidents, records of processing."""
