"""Employers for machines."""
