"""Access control: the actor, the grants, and a rule declared on every view, with default deny."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kernel.errors import Forbidden

SECOND_FACTOR = 2

Predicate = Callable[["Actor", HttpRequest], bool]
V = TypeVar("V", bound=Callable[..., Any])


class Denied(Forbidden):
    """The person's roles do not allow this."""

    code = "denied"


class SignInNeeded(Forbidden):
    """Nobody is signed in here."""

    code = "sign-in-needed"
    status = 401
    title = _("Please sign in")
    message = _("Please sign in first.")


class SecondFactorNeeded(Forbidden):
    """This needs a session with a second factor."""

    code = "second-factor-needed"
    title = _("A second step is needed")
    message = _("Staff and authority accounts work with a second factor. Please complete it and come back.")


@dataclass(frozen=True, slots=True)
class Grant:
    """A role within a scope: an authority's code, an organisation's or employer's id, or "" for the platform."""

    role: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """The person's account with its grants, or the system itself, on whose behalf something is done.

    `level`: 0 nobody, 1 signed in by password or code, 2 with a second factor.
    """

    account_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None
    name: str = ""
    level: int = 0
    grants: frozenset[Grant] = field(default_factory=frozenset)
    system: bool = False

    @property
    def is_authenticated(self) -> bool:
        """Say whether somebody is signed in."""
        return self.account_id is not None

    def has(self, *roles: str, scope: str | None = None) -> bool:
        """Say whether this actor holds one of the roles, in `scope` if that is given."""
        return any(g.role in roles and (scope is None or g.scope == scope) for g in self.grants)

    def scopes(self, *roles: str) -> frozenset[str]:
        """Return the scopes in which this actor holds one of the roles."""
        return frozenset(g.scope for g in self.grants if g.role in roles)

    def acting_as(self, *roles: str) -> str:
        """Return the first of `roles` that this actor holds, for the audit; "system" or "person" otherwise."""
        if self.system:
            return "system"
        return next((r for r in roles if self.has(r)), "person")


ANONYMOUS = Actor()
SYSTEM = Actor(name="system", system=True)


@dataclass(frozen=True, slots=True)
class Rule:
    """The access rule of a view: any one of the predicates; `public` demands nothing."""

    predicates: tuple[Predicate, ...] = ()
    public: bool = False

    def check(self, actor: Actor, request: HttpRequest) -> None:
        """Pass, or raise the refusal that tells the person what is missing."""
        if self.public or any(p(actor, request) for p in self.predicates):
            return
        if not actor.is_authenticated:
            raise SignInNeeded
        strong = Actor(actor.account_id, actor.person_id, actor.name, SECOND_FACTOR, actor.grants)
        if actor.level < SECOND_FACTOR and any(p(strong, request) for p in self.predicates):
            raise SecondFactorNeeded
        raise Denied


def _declare(rule: Rule) -> Callable[[V], V]:
    def mark(view: V) -> V:
        view.access_rule = rule  # type: ignore[attr-defined]  # read by the middleware and by the URL walk in the tests
        return view

    return mark


def requires(*predicates: Predicate) -> Callable[[V], V]:
    """Declare that a view (function or class) demands one of the predicates."""
    return _declare(Rule(predicates=predicates))


def public(view: V) -> V:
    """Declare that a view is open to anybody."""
    return _declare(Rule(public=True))(view)


def _is_signed_in(actor: Actor, request: HttpRequest) -> bool:
    return actor.is_authenticated


def signed_in(view: V) -> V:
    """Declare that a view is open to anybody who is signed in; it must itself look only for that person's things."""
    return _declare(Rule(predicates=(_is_signed_in,)))(view)


def role(*names: str) -> Predicate:
    """Return a predicate: one of these roles with a second factor, at an institution's host within that institution."""

    def holds(actor: Actor, request: HttpRequest) -> bool:
        institution = getattr(request, "institution", None)
        scope = str(institution.organisation_id) if institution is not None else None
        return actor.level >= SECOND_FACTOR and actor.has(*names, scope=scope)

    holds.roles = names  # type: ignore[attr-defined]  # read by the URL walk in the tests
    return holds


def rule_of(view: Any) -> Rule | None:
    """Return the rule declared on a view function, a class or the class behind `as_view()`; None if there is none."""
    for owner in (view, getattr(view, "view_class", None), getattr(view, "cls", None)):
        rule = getattr(owner, "access_rule", None)
        if isinstance(rule, Rule):
            return rule
    return None
