"""The history of an order, each step with its label."""

from django.db import models

from kernel import states

from ..states import VERBS


def life(row: models.Model) -> list[states.LifeStep]:
    """Return a row's life line in words (components/life_line.html)."""
    return states.timeline(row, VERBS)
