"""Actors of the demonstration: its people with their grants, so that everything is done by the usual operations."""

import os
import uuid
from dataclasses import replace
from datetime import datetime

from infra.demo.accounts import PASSWORD, TRAINEE, TRAINEE_NUMBER, SignIn, staff_of, totp_secret
from infra.demo.people import InventedPerson
from kernel.access import SECOND_FACTOR, SYSTEM, Actor, Grant
from shared.identity.models.accounts import RoleGrant
from shared.identity.operations import accounts, people
from shared.identity.operations import roles as identity_roles
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import people as people_queries


def account(sign_in: SignIn, *, at: datetime) -> uuid.UUID:
    """Return the account of a sign-in, made with its second factor where it is not there yet."""
    existing = account_queries.account_by_identifier(sign_in.identifier)
    if existing is not None:
        return existing.id
    account_id = accounts.register_account(
        identifier=sign_in.identifier, password=PASSWORD, name=sign_in.name, at=at
    ).id
    if sign_in.role != "trainee":
        secret = totp_secret(sign_in.identifier, installation=os.environ["NUOXING_SECRET_KEY"])
        accounts.set_totp(account_id=account_id, secret=secret, by=SYSTEM, at=at)
    return account_id


def grant(sign_in: SignIn, *, scope: str | None = None, at: datetime) -> None:
    """Give a sign-in its role (in `scope` if that is given), unless it holds it."""
    account_id = account(sign_in, at=at)
    place = sign_in.scope if scope is None else scope
    current = {(g.role, g.scope) for g in actor(sign_in, at=at).grants}
    if (sign_in.role, place) not in current:
        identity_roles.grant_role(account_id=account_id, role=sign_in.role, scope=place, by=SYSTEM, at=at)


def actor(sign_in: SignIn, *, at: datetime) -> Actor:
    """Return the sign-in as an actor with a second factor and all its grants."""
    account_id = account(sign_in, at=at)
    role_grants = RoleGrant.objects.filter(account_id=account_id, ended_at=None)
    grants = frozenset(Grant(g.role, g.scope) for g in role_grants)
    person = people_queries.person_of(account_id)
    return Actor(account_id, person.id if person else None, sign_in.name, SECOND_FACTOR, grants)


def staff(key: str, *, at: datetime) -> dict[str, Actor]:
    """Return the people of an institution by what they do: "principal", "registrar" and so on."""
    return {person.key.partition("-")[0]: actor(person, at=at) for person in staff_of(key)}


def trainee(invented: InventedPerson, *, at: datetime) -> Actor:
    """Return an invented person as a signed-in trainee, with account and person made where they are not there yet.

    The account goes by the person's mobile number; that of the one with the trainees' sign-in by its e-mail address.
    """
    identifier = TRAINEE.identifier if invented.number == TRAINEE_NUMBER else invented.mobile
    account_row = account_queries.account_by_identifier(identifier)
    if account_row is None:
        account_row = accounts.register_account(identifier=identifier, password=PASSWORD, name=invented.name, at=at)
    me = Actor(account_row.id, account_row.person_id, invented.name, 1, frozenset())
    if me.person_id is not None:
        return me
    person_id = people.complete_person(
        account_id=account_row.id,
        name=invented.name,
        id_type="resident",
        id_number=invented.id_number,
        mobile=invented.mobile,
        by=replace(me, system=True),
        at=at,
    )
    return replace(me, person_id=person_id)
