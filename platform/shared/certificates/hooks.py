"""Answers to hooks of lower apps: what a change of the law touches, and what closing an account meets."""

from .queries import impact, privacy

__all__ = ["impact", "privacy"]
