"""Answers to hooks of lower apps: what a change of the law touches."""

from . import queries

__all__ = ["queries"]
