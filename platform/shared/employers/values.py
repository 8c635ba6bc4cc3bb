"""What upper apps say of people who agreed to be an employer's, and what they ask."""

import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise

from kernel.hooks import Hook


@dataclass(frozen=True, slots=True)
class HeldCertificate:
    """A certificate of one of an employer's people, as the person agreed to have it passed on."""

    person_id: uuid.UUID
    position: str
    number: str
    label: str | Promise
    valid: bool
    issued_on: date | None
    renew_by: date | None = None
    """The last day by which its holder has to have done something for it; None where none is known."""


certificates_held: Hook[Callable[[Collection[uuid.UUID], datetime], Iterable[HeldCertificate]]] = Hook(
    "employers.certificates",
    "Is given people who agreed that their employer sees their certificates, and a time; yields a HeldCertificate for"
    " each of their numbered ones, in a fixed number of questions.",
    single=True,
)
