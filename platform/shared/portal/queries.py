"""To-dos: what waits for an account at the platform's host, asked of every app that knows of something."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.urls import get_urlconf, set_urlconf

from kernel import tenancy
from kernel.access import Actor
from kernel.todos import Todo, TodoSource, collect
from kernel.web.http import address
from shared.certificates.queries import todos as certificate_todos
from shared.employers.queries import todos as employer_todos
from shared.exchange.queries import todos as exchange_todos
from shared.identity.queries import places, recoveries
from shared.institutions.queries import listing as institution_listing_queries
from shared.institutions.queries import todos as institution_todos
from shared.lawbook.queries import todos as lawbook_todos
from shared.notices import queries as notice_queries
from shared.privacy.queries import desks as privacy_desks
from shared.privacy.queries import rights
from shared.rankings.queries import todos as ranking_todos
from shared.registry.queries import todos as registry_todos

from .values import todos_there

SOURCES: tuple[TodoSource, ...] = (
    places.second_factor,
    places.personal_details,
    recoveries.todos,
    notice_queries.todos,
    lawbook_todos.drafts_to_decide,
    lawbook_todos.ceilings_to_decide,
    rights.todos,
    privacy_desks.todos,
    exchange_todos.for_operator,
    institution_todos.for_principal,
    registry_todos.for_officer,
    registry_todos.for_principal,
    employer_todos.for_officer,
    employer_todos.for_applicant,
    employer_todos.for_person,
    certificate_todos.refused,
    ranking_todos.for_officer,
)


@contextmanager
def override_urlconf(name: str) -> Iterator[None]:
    """Let addresses be those of another kind of host within the block."""
    before = get_urlconf()
    set_urlconf(name)
    try:
        yield
    finally:
        set_urlconf(before)


def todos(actor: Actor, at: datetime) -> list[Todo]:
    """Return what waits for this account: first what it needs itself, then what each app knows of."""
    return collect(SOURCES, actor, at)


def account_todos(actor: Actor, at: datetime) -> list[Todo]:
    """Return what waits for this account at the platform, and what waits where the person learns: what one owes first.

    Each institution where the person holds a place is opened and asked (ADR 23): one or two, and never more than the
    positions that there are.
    """
    there = [todo for place in _learns_at(actor) for todo in _todos_there(place, actor, at)]
    return [*there, *todos(actor, at)]


def _learns_at(actor: Actor) -> list[tenancy.InstitutionHost]:
    return places.learns_at(actor.person_id) if actor.person_id else []


def _todos_there(place: tenancy.InstitutionHost, actor: Actor, at: datetime) -> list[Todo]:
    ask = todos_there.get()
    if ask is None:
        return []
    institution = institution_listing_queries.institution(place.institution_id)
    with tenancy.open_institution(institution.schema_name), override_urlconf(settings.ROOT_URLCONF):
        waiting = ask(actor, at)
    return [
        replace(
            todo,
            url=institution_listing_queries.address_of(institution.slug, address("my") if todo.method else todo.url),
            method="",
            detail=f"{place.name} · {todo.detail}" if todo.detail else place.name,
        )
        for todo in waiting
    ]


def authority_todos(by: Actor, at: datetime) -> list[Todo]:
    """Return what waits for an officer or inspector, as every app reports it; the most urgent first."""
    weight = {"bad": 0, "warn": 1}
    return sorted(todos(by, at), key=lambda todo: weight.get(todo.tone, 2))
