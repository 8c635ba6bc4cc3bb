"""Access control: the actor, the grants, and rules, demanded by views and by operations in one way.

A rule is a pure predicate of an app's `rules.py`: given the actor, and in keywords what it depends on. A view declares
its rules (default deny), an operation calls `demand`; both refuse alike.
"""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kernel import tenancy
from kernel.errors import Forbidden
from kernel.roles import Role

SECOND_FACTOR = 2

P = ParamSpec("P")
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
    title = _("A second factor is needed")
    message = _("Staff and authority accounts work with a second factor. Please complete it and come back.")


Scope = str | frozenset[str] | None
"""Where a role must be held: in one scope, in any one of several (the offices that answer for somebody), or None."""


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

    @property
    def is_strong(self) -> bool:
        """Say whether the session has shown a second factor."""
        return self.level >= SECOND_FACTOR

    def has(self, *roles: str, scope: Scope = None) -> bool:
        """Say whether this actor holds one of the roles, in `scope` (or one of several) if that is given."""
        scopes = frozenset({scope}) if isinstance(scope, str) else scope
        return any(g.role in roles and (scopes is None or g.scope in scopes) for g in self.grants)

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
class RoleRule:
    """One of `roles` within a scope, with a second factor; with `system` the platform itself too.

    Of several scopes, such as the offices that answer for a person, any one will do. Without a scope it is that of the
    institution now open; with none open, any.
    """

    roles: Collection[str]
    system: bool = False

    def __call__(self, by: Actor, scope: Scope = None) -> bool:
        """Say whether `by` may, in `scope`."""
        if by.system:
            return self.system
        return by.is_strong and by.has(*self.roles, scope=open_scope() if scope is None else scope)

    def anywhere(self, by: Actor) -> bool:
        """Say whether `by` may in some scope, whatever is open."""
        return any(self(by, scope) for scope in self.scopes(by))

    def scopes(self, by: Actor) -> frozenset[str]:
        """Return the scopes in which `by` holds one of the roles, with a second factor or without."""
        return by.scopes(*self.roles)


def role(*roles: Role, system: bool = False) -> RoleRule:
    """Return the rule that demands one of these roles."""
    return RoleRule(roles, system)


def open_scope() -> str | None:
    """Return the scope of the institution now open, None in public."""
    organisation_id = tenancy.current_organisation_id()
    return None if organisation_id is None else str(organisation_id)


def demand(by: Actor, rule: Callable[Concatenate[Actor, P], bool], *args: P.args, **scope: P.kwargs) -> None:
    """Pass where the rule holds of `by`, or refuse with what is missing.

    Nobody signed in: SignInNeeded; a second factor is all that is missing: SecondFactorNeeded; else Denied.
    """
    if not rule(by, *args, **scope):
        raise _refusal(by, lambda actor: rule(actor, *args, **scope))


def _refusal(by: Actor, holds: Callable[[Actor], bool]) -> Forbidden:
    if by.system:
        return Denied()
    if not by.is_authenticated:
        return SignInNeeded()
    if not by.is_strong and holds(replace(by, level=SECOND_FACTOR)):
        return SecondFactorNeeded()
    return Denied()


def account_of(by: Actor) -> uuid.UUID:
    """Return the account that acts; refuses (SignInNeeded) nobody, and (Denied) the platform: a person answers here."""
    if by.account_id is None:
        raise Denied if by.system else SignInNeeded
    return by.account_id


def is_self(by: Actor, account_id: uuid.UUID | None) -> bool:
    """Say whether the account is the actor's own."""
    return by.account_id is not None and by.account_id == account_id


def is_platform(by: Actor) -> bool:
    """Say whether the platform itself acts."""
    return by.system


@dataclass(frozen=True, slots=True)
class ViewRule:
    """The access rule of a view: any one of the rules; `public` demands nothing."""

    rules: tuple[Callable[[Actor, str | None], bool], ...] = ()
    public: bool = False

    def check(self, actor: Actor, request: HttpRequest) -> None:
        """Pass, or raise the refusal that tells the person what is missing."""
        institution = getattr(request, "institution", None)
        scope = str(institution.organisation_id) if institution is not None else None
        if not self.public:
            demand(actor, self._any, scope)

    def _any(self, actor: Actor, scope: str | None) -> bool:
        return any(rule(actor, scope) for rule in self.rules)


def _declare(rule: ViewRule) -> Callable[[V], V]:
    def mark(view: V) -> V:
        view.access_rule = rule  # type: ignore[attr-defined]  # read by the middleware and by the URL walk in the tests
        return view

    return mark


def requires(*rules: Callable[[Actor, str | None], bool]) -> Callable[[V], V]:
    """Declare that a view (function or class) demands one of the rules, at an institution's host within it."""
    return _declare(ViewRule(rules))


def public(view: V) -> V:
    """Declare that a view is open to anybody."""
    return _declare(ViewRule(public=True))(view)


def is_signed_in(by: Actor, scope: str | None = None) -> bool:
    """Say whether somebody is signed in, wherever."""
    return by.is_authenticated


def signed_in(view: V) -> V:
    """Declare that a view is open to anybody who is signed in; it must itself look only for that person's things."""
    return _declare(ViewRule((is_signed_in,)))(view)


def rule_of(view: Any) -> ViewRule | None:
    """Return the rule declared on a view function, a class or the class behind `as_view()`; None if there is none."""
    for owner in (view, getattr(view, "view_class", None), getattr(view, "cls", None)):
        rule = getattr(owner, "access_rule", None)
        if isinstance(rule, ViewRule):
            return rule
    return None
