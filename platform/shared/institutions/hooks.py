"""Answers to hooks of lower apps: what a change of the law touches, and which authority answers for whom."""

from .queries import impact, organisations

__all__ = ["impact", "organisations"]
