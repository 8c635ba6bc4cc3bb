"""Rows of people, accounts, consents and roles, added by functions of the database, by the row and by the set.

An institution has no right to insert them; the functions refuse what is not its own to add (migration 0008 of identity,
docs/security.md). Everybody else adds by them too, so that there is one way. Values are sealed here, as everywhere.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from json import dumps
from typing import Any

from allauth.account.models import EmailAddress
from django.db import connection, models

from ..models.accounts import Account, RoleGrant
from ..models.consents import Consent
from ..models.people import Person

PEOPLE = "SELECT public.identity_add_people(%s::jsonb, %s::jsonb, %s::jsonb, %s::jsonb)"
CONSENTS = "SELECT public.identity_add_consents(%s::jsonb)"
ROLES = "SELECT public.identity_add_roles(%s::jsonb)"


def add_people(
    *,
    people: Sequence[Person] = (),
    accounts: Sequence[Account] = (),
    addresses: Sequence[EmailAddress] = (),
    consents: Sequence[Consent] = (),
) -> None:
    """Add new people with accounts, addresses and consents in one statement; fails (IntegrityError) as an INSERT does.

    At an institution the database refuses a password, a proven address, an account of a person who is there, a person
    without an account, and addresses and consents of other accounts.
    """
    _call(PEOPLE, people, accounts, addresses, consents)
    for row in (*people, *accounts, *consents):
        row._state.adding, row._state.db = False, connection.alias


def add_consents(consents: Sequence[Consent]) -> list[Consent]:
    """Add consents of accounts that are there, but for those that stand already; return what was added.

    At an institution the database refuses all but what a person enrolled there signed at the counter.
    """
    added = {key for (key,) in _call(CONSENTS, consents)}
    return [row for row in consents if row.pk in added]


def add_roles(roles: Sequence[RoleGrant]) -> None:
    """Add roles; fails (IntegrityError) as an INSERT does. At an institution the database refuses roles that are not of
    its own staff, not given by its principal, or backdated.
    """
    _call(ROLES, roles)


def _call(statement: str, *sets: Iterable[models.Model]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [_as_json(rows) for rows in sets])
        return list(cursor.fetchall())


def _as_json(rows: Iterable[models.Model]) -> str:
    """Return rows by their columns, with the values that the database holds."""
    values = [
        {field.column: field.get_prep_value(field.value_from_object(row)) for field in row._meta.local_concrete_fields}
        for row in rows
    ]
    return dumps(values, default=_as_text, ensure_ascii=False)


def _as_text(value: uuid.UUID | date | datetime | bytes | memoryview) -> str:
    """Return a value as PostgreSQL reads its type from text."""
    return f"\\x{bytes(value).hex()}" if isinstance(value, bytes | memoryview) else str(value)
