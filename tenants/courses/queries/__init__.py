"""Reads of courses: programmes and classes, seats, progress, the ledger and its recomputation."""
