"""Who is acting."""

from django.http import HttpRequest

from kernel.access import ANONYMOUS, Actor, Grant


def actor_of(request: HttpRequest) -> Actor:
    """Return who is acting in this request."""
    account = request.user
    if not account.is_authenticated:
        return ANONYMOUS
    grants = frozenset(Grant(g.role, g.scope) for g in account.grants.filter(ended_at=None))
    return Actor(account.pk, account.person_id, account.name, int(request.session.get("level", 1)), grants)
