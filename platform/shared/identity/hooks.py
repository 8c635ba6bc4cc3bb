"""Answers to hooks of lower apps: what a change of the law touches, and values sealed in a way of their own."""

from .queries import impact, keys

__all__ = ["impact", "keys"]
