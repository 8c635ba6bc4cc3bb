"""The history of an enrolment, each step with its label."""

from typing import Any

from django.db import models

from kernel import states

from ..states import VERBS


def life(row: models.Model) -> list[dict[str, Any]]:
    """Return a row's life line in words (components/life_line.html)."""
    return states.timeline(row, VERBS)
