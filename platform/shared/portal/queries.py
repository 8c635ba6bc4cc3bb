"""To-dos: what waits for an account at the platform's host, asked of every app that knows of something."""

from datetime import datetime

from kernel.access import Actor
from kernel.todos import Todo, TodoSource, collect
from shared.certificates.queries import todos as certificate_todos
from shared.exchange.queries import todos as exchange_todos
from shared.identity.queries import places, recoveries
from shared.lawbook.queries import todos as lawbook_todos
from shared.notices import queries as notice_queries
from shared.privacy.queries import desks as privacy_desks
from shared.privacy.queries import rights
from shared.rankings.queries import todos as ranking_todos
from shared.registry.queries import todos as registry_todos

SOURCES: tuple[TodoSource, ...] = (
    places.second_factor,
    places.personal_details,
    recoveries.todos,
    notice_queries.todos,
    lawbook_todos.drafts_to_decide,
    rights.todos,
    privacy_desks.todos,
    exchange_todos.for_operator,
    registry_todos.for_officer,
    registry_todos.for_principal,
    certificate_todos.refused,
    ranking_todos.for_officer,
)


def todos(actor: Actor, at: datetime) -> list[Todo]:
    """Return what waits for this account: first what it needs itself, then what each app knows of."""
    return collect(SOURCES, actor, at)


def authority_todos(by: Actor, at: datetime) -> list[Todo]:
    """Return what waits for an officer or inspector, as every app reports it; the most urgent first."""
    weight = {"bad": 0, "warn": 1}
    return sorted(todos(by, at), key=lambda todo: weight.get(todo.tone, 2))
