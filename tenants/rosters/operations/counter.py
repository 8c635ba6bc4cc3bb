"""Applications at the counter (policy part 1.1: enrolment on site)."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, names
from kernel.access import Actor
from kernel.errors import Refusal
from shared.identity.operations import registrations, walk_ins
from shared.identity.queries import people as people_queries
from shared.identity.states import ConsentChannel, DocumentType

from .. import rules
from ..models import Enrolment
from ..states import Channel
from .applications import apply


class NameDiffers(Refusal):
    """The document is known under another name."""

    code = "name-differs"
    status = 422
    message = _(
        "This document number is known under another name. Check the document; a changed name is corrected first."
    )


def apply_at_counter(
    *,
    class_id: uuid.UUID,
    person: Mapping[str, Any],
    declaration: Mapping[str, Any],
    evidence: "UploadedFile[Any] | None",
    by: Actor,
    at: datetime,
) -> Enrolment:
    """Take the application of somebody at the counter: the person is found or made and the application decided in one
    transaction. `person` is what `register_walk_in` takes, `declaration` what `apply` takes; refuses as they do.
    """
    access.demand(by, rules.desk)
    with transaction.atomic():
        person_id = register_walk_in(**person, by=by, at=at)
        return apply(
            class_id=class_id,
            person_id=person_id,
            evidence=evidence,
            channel=Channel.COUNTER,
            **declaration,
            by=by,
            at=at,
        )


def register_walk_in(
    *,
    name: str,
    id_number: str,
    mobile: str,
    id_type: str = DocumentType.RESIDENT,
    born: date | None = None,
    sex: str = "",
    channel: str = ConsentChannel.COUNTER,
    by: Actor,
    at: datetime,
) -> uuid.UUID:
    """Return the person with this document, made with an account if there is none: the registrar saw the document.

    The account is found by the mobile number; its owner sets a password by a code sent there. Whose account was closed
    has one again; whose telephone is another's has one without a way in. `channel` says how the consents were given.
    Refuses (NameDiffers) a document that is known under another name, and what identity refuses (a false number).
    """
    access.demand(by, rules.registers)
    person = people_queries.person_by_id_number(id_number, id_type)
    if person is not None:
        if not names.same(person.name, name):
            raise NameDiffers(field="name")
        walk_ins.ensure_account(person_id=person.id, mobile=mobile, by=by, at=at, channel=channel)
        return person.id
    entry = registrations.NewPerson(name=name, id_number=id_number, mobile=mobile, id_type=id_type, born=born, sex=sex)
    return walk_ins.register_walk_in(entry, by=by, at=at, channel=channel)
