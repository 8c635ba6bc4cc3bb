"""The life of an enrolment in words."""

from typing import Any

from django.db import models

from kernel import audit
from kernel.states import label_of

from ..states import VERBS


def life(row: models.Model) -> list[dict[str, Any]]:
    """Return a row's life line in words (components/life_line.html)."""
    return [
        {
            "label": VERBS.get(note.verb) or label_of(note.verb),
            "actor_name": note.actor_name,
            "at": note.at,
            "why": note.why,
            "policy": note.policy,
        }
        for note in audit.history(row)
    ]
