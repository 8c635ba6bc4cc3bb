"""Answers to hooks of lower apps: what a change of the law touches."""

from .queries import impact

__all__ = ["impact"]
