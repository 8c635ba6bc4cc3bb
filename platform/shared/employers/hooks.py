"""Answers to hooks of lower apps: what keeps an account open, and the notices of every move."""

from .operations import retention, telling
from .queries import privacy

__all__ = ["privacy", "retention", "telling"]
