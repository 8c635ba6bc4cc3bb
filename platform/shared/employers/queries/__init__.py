"""Queries of employers."""
