"""Consents of a person as the page shows them: each kind with its text, its alternative, and what was given."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kernel import tenancy
from kernel.access import Actor
from kernel.errors import NotFound
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import consents as identity_consent_queries
from shared.identity.queries import people as people_queries
from shared.identity.states import SEPARATE_CONSENTS


@dataclass(frozen=True, slots=True)
class KindValue:
    """One thing that is asked for separately."""

    kind: str
    label: str
    text: identity_consent_queries.TextValue
    live: Sequence[identity_consent_queries.ConsentValue]
    past: Sequence[identity_consent_queries.ConsentValue]
    many: bool


def consent_kinds(account_id: uuid.UUID, at: datetime) -> list[KindValue]:
    """Return every kind of separate consent, with what an account gave and took back. The caller checks access."""
    consents = identity_consent_queries.consents_of(account_id)
    kinds = []
    for kind in SEPARATE_CONSENTS:
        of_kind = [c for c in consents if c.kind == kind]
        live = [c for c in of_kind if c.withdrawn_at is None]
        past = [c for c in of_kind if c.withdrawn_at is not None]
        text = identity_consent_queries.text_in_force(kind, at)
        kinds.append(KindValue(kind, str(kind.label), text, live, past, kind == "passing_on"))
    return kinds


def kinds_at_counter(person_id: uuid.UUID, actor: Actor, at: datetime) -> list[KindValue]:
    """Return a person's separate consents at the counter where the person learns.

    Refuses (NotFound) a person without an open account, and one who never learnt at the actor's institution.
    """
    institution_id = tenancy.current_institution_id()
    account_id = identity_consent_queries.account_of(person_id)
    if account_id is None or institution_id not in people_queries.institutions_of(person_id):
        raise NotFound
    return consent_kinds(account_id, at)


def own_consent(actor: Actor, consent_id: uuid.UUID) -> identity_consent_queries.ConsentValue:
    """Return one of the actor's own consents that stands; refuses (NotFound) all else."""
    for consent in identity_consent_queries.consents_of(account_queries.own_id(actor)):
        if consent.id == consent_id and consent.withdrawn_at is None and consent.kind in SEPARATE_CONSENTS:
            return consent
    raise NotFound
