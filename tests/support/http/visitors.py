"""Who comes: one account for each visitor of the files, with its role in its scope, and its session at a host."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from kernel import clock, tenancy
from kernel.access import SYSTEM, Actor, Grant
from kernel.fields import uuid7
from kernel.idnumbers import make_credit_code
from kernel.roles import STAFF_ROLES, Role
from shared.identity.models.accounts import Account, RoleGrant
from shared.identity.operations import people, tokens
from support import clients
from support.http.addresses import Visitor

CITY, OTHER_CITY, PROVINCE = "360100", "360400", "360000"
PASSWORD, SECRET = "a-long-password", "JBSWY3DPEHPK3PXP"
HERE, ELSEWHERE = "here", "elsewhere"
"""Scopes that are an institution's: that whose things are asked for, and another one in another city."""

OFFICIALS: Mapping[str, tuple[str, str]] = {
    "city_officer": (Role.CITY_OFFICER, CITY),
    "city_officer_other": (Role.CITY_OFFICER, OTHER_CITY),
    "city_officer_weak": (Role.CITY_OFFICER, CITY),
    "inspector": (Role.INSPECTOR, CITY),
    "inspector_other": (Role.INSPECTOR, OTHER_CITY),
    "province_officer": (Role.PROVINCE_OFFICER, PROVINCE),
    "training_centre": (Role.TRAINING_CENTRE, ""),
    "operator": (Role.PLATFORM_OPERATOR, ""),
    "operator_weak": (Role.PLATFORM_OPERATOR, ""),
}
STAFF: Mapping[str, tuple[str, str]] = {
    **{role: (role, HERE) for role in STAFF_ROLES},
    **{f"{role}_elsewhere": (role, ELSEWHERE) for role in STAFF_ROLES},
    "teacher_other": (Role.TEACHER, HERE),
    "proctor_other": (Role.PROCTOR, HERE),
    "principal_weak": (Role.PRINCIPAL, HERE),
    "closed": (Role.PRINCIPAL, HERE),
}
EMPLOYERS = ("clerk", "clerk_other")
TRAINEES = ("trainee", "trainee_other", "trainee_elsewhere")
TOKENS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "token_operator": ("operator", ("read", "write")),
    "token_reader": ("operator", ("read",)),
    "token_centre": ("training_centre", ("read", "write")),
    "token_trainee": ("trainee", ("read", "write")),
}
"""Whose token it is, and what it may do."""

AT_HOME = (*(name for name in STAFF if name.endswith("_elsewhere")), "trainee", "trainee_elsewhere")
"""Who comes to the other institution's host with keys of this one's things."""


@dataclass
class People:
    """The visitors' accounts, as they act."""

    at: datetime
    actors: dict[str, Actor] = field(default_factory=dict)
    grants: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Actor:
        """Return a visitor as they act."""
        return self.actors[name]

    def add(self, name: str, role: str, scope: str) -> Actor:
        """Make an account with one role."""
        account = Account(name=f"演示{name}", email=f"{uuid7().hex}@example.invalid", made_at=self.at)
        account.set_password(PASSWORD)
        account.save(force_insert=True)
        grant = RoleGrant.objects.create(account=account, role=role, scope=scope, granted_at="2026-01-01T00:00:00Z")
        self.grants[name] = grant.pk
        level = 1 if name.endswith("_weak") else 2
        if level > 1:
            TOTP.activate(account, SECRET)
            RecoveryCodes.activate(account)
        self.actors[name] = Actor(account.pk, None, account.name, level, frozenset({Grant(role, scope)}))
        return self.actors[name]


def invite(here: Any, elsewhere: Any, at: datetime) -> People:
    """Make all who have a role; trainees come with what they learn."""
    found = People(at)
    scopes = {HERE: str(here.organisation_id), ELSEWHERE: str(elsewhere.organisation_id)}
    with tenancy.open_public(), tenancy.as_owner():
        for name, (role, scope) in (*OFFICIALS.items(), *STAFF.items()):
            found.add(name, role, scopes.get(scope, scope))
        for n, name in enumerate(EMPLOYERS):
            code = make_credit_code("91", "360100", f"MA00010{n}")
            employer = people.register_employer(name=f"演示用人单位{n}", credit_code=code, by=SYSTEM, at=at)
            found.add(name, Role.EMPLOYER_CLERK, str(employer))
        Account.objects.filter(pk=found["closed"].account_id).update(closed_at=at)
    return found


def give_tokens(found: People) -> None:
    """Let machines act for some of them."""
    with tenancy.open_public(), tenancy.as_owner():
        for name, (owner, scopes) in TOKENS.items():
            found.tokens[name] = tokens.make_token(
                name=f"演示{name}", scopes=scopes, days=30, by=found[owner], at=clock.real_now()
            )


def come(name: str, found: People, host: str, at: datetime) -> Visitor:
    """Let a visitor come to a host, whose schema is open."""
    client = clients.HostClient(host, at)
    client.raise_request_exception = False
    if name in TOKENS:
        return Visitor(client, Authorization=f"Bearer {found.tokens[name]}")
    if name in found.actors:
        by = found[name]
        account = Account.objects.get(pk=by.account_id)
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        session["level"], session["host"] = by.level, host
        session.save()
    return Visitor(client)


@contextmanager
def at_host(institution: Any) -> Iterator[str]:
    """Open what a host opens, the platform's where there is no institution; yield its name."""
    if institution is None:
        with tenancy.open_public():
            yield "nuoxing.localhost"
    else:
        with tenancy.open_institution(institution):
            yield f"{institution.slug}.nuoxing.localhost"


EVERYBODY = frozenset({"anonymous", "applicant", *OFFICIALS, *STAFF, *EMPLOYERS, *TRAINEES, *TOKENS})
