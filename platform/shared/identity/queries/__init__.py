"""Reads of identity: who acts, accounts, people, who holds what role, where a person's places are."""

from .accounts import (
    AccountValue,
    GrantValue,
    Reach,
    TokenValue,
    account,
    account_by_identifier,
    grants_in,
    has_second_factor,
    holders,
    own_id,
    reach,
    tokens_of,
)
from .actors import TokenRefused, actor_of
from .people import PersonValue, employers, person, person_by_id_number, person_of, persons
from .places import Place, Todo, TodoSource, first_place, places_of, todo_source, todos
from .recoveries import RecoveryValue, recoveries, recovery

__all__ = [
    "AccountValue",
    "GrantValue",
    "PersonValue",
    "Place",
    "Reach",
    "RecoveryValue",
    "Todo",
    "TodoSource",
    "TokenRefused",
    "TokenValue",
    "account",
    "account_by_identifier",
    "actor_of",
    "employers",
    "first_place",
    "grants_in",
    "has_second_factor",
    "holders",
    "own_id",
    "person",
    "person_by_id_number",
    "person_of",
    "persons",
    "places_of",
    "reach",
    "recoveries",
    "recovery",
    "todo_source",
    "todos",
    "tokens_of",
]
