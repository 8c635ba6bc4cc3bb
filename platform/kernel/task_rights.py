"""Rights on new rows of the outbox: which tasks a role may ask for, as SQL of the registered ones (kernel.later).

config.grants names these conditions, and `manage.py apply_grants` writes them into the database after every migration.
"""

from collections.abc import Iterable

from django_tenants.utils import get_public_schema_name

from kernel.later import Priority, RegisteredTask, Where, tasks


def of_the_platform() -> str:
    """Return what holds for a row that the platform's role adds: its task runs in the row's schema."""
    shared = _names(one for one in tasks.values() if Where.PLATFORM in one.runs)
    inner = _names(one for one in tasks.values() if Where.INSTITUTION in one.runs)
    return f"CASE WHEN schema = '{get_public_schema_name()}' THEN task IN ({shared}) ELSE task IN ({inner}) END"


def of_institutions() -> str:
    """Return what holds for a row that an institution's role adds: an institution may ask for its task, and it is
    urgent only where it always is.
    """
    own = [one for one in tasks.values() if Where.INSTITUTION in one.runs & one.asked_by]
    urgent = _names(one for one in own if one.priority == Priority.URGENT)
    return f"task IN ({_names(own)}) AND (priority > {Priority.URGENT:d} OR task IN ({urgent}))"


def _names(registered: Iterable[RegisteredTask]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(one.name for one in registered)) or "NULL"
