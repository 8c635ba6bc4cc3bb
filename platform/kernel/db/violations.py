"""Violations of what the database holds unique: which constraint, or trigger in its place, refused a row."""

from typing import Any

from django.db import IntegrityError

_UNIQUE, _EXCLUSION = "23505", "23P01"


def constraint_of(fault: IntegrityError) -> str:
    """Return the name of the constraint or trigger that refused; empty where PostgreSQL names none."""
    cause: Any = fault.__cause__
    return getattr(getattr(cause, "diag", None), "constraint_name", None) or ""


def is_taken(fault: BaseException | None) -> bool:
    """Say whether the database refused a row because another holds what there is once."""
    cause: Any = fault.__cause__ if isinstance(fault, IntegrityError) else None
    return getattr(cause, "sqlstate", None) in (_UNIQUE, _EXCLUSION)
