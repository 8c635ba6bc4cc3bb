"""Places where an account has something to do (consoles, institutions, trainings), and its to-do list."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from kernel import tenancy
from kernel.access import Actor
from kernel.todos import Todo, Words, only_if
from kernel.web.http import address

from .. import methods, rules
from ..models.claims import ActiveEnrolment
from .accounts import has_second_factor, second_factor_missing


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere a role works."""

    title: Words
    url: str
    kind: str  # "authority", "operator", "employer", "staff", "training"
    icon: str


@only_if(lambda actor, at: [second_factor_missing(actor.account_id)] if actor.account_id and actor.grants else [])
def second_factor(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Yield what an account with a role needs before anything else."""
    if actor.account_id and actor.grants and not has_second_factor(actor.account_id):
        yield Todo(
            _("Set up your second factor"),
            reverse("identity:sign-in", settings.PUBLIC_SCHEMA_URLCONF) + "?second=1&next=" + address("home"),
            _("Set up"),
            _("Staff and authority accounts work only with it. You need an authenticator app on your phone."),
            tone="warn",
            icon="shield-check",
        )


def personal_details(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Yield that an account lacks its holder's personal details, where they are needed."""
    if actor.account_id and actor.person_id is None and not rules.official.scopes(actor):
        yield Todo(
            _("Complete your personal details"),
            reverse("identity:person", settings.PUBLIC_SCHEMA_URLCONF),
            _("Complete details"),
            _("Needed once, before you enrol anywhere: name and identity document."),
            icon="id-badge-2",
        )


def details_url(host: str, path: str) -> str:
    """Return where somebody at an institution's page says who they are, to be led back to that page."""
    return methods.platform_url("/account/person/?" + urlencode({"host": host, "next": path}))


def places_of(actor: Actor) -> list[Place]:
    """Return all places where this actor works or learns, the most official first."""
    places = []
    if rules.authority.scopes(actor):
        places.append(Place(_("Authority's desk"), address("authority"), "authority", "building-bank"))
    if rules.operator.scopes(actor):
        places.append(Place(_("Operator's desk"), address("operator"), "operator", "settings"))
    if rules.training_centre.scopes(actor):
        places.append(Place(_("Training centre's desk"), address("centre"), "centre", "school"))
    if rules.clerk.scopes(actor):
        places.append(Place(_("Employer's desk"), address("employer"), "employer", "briefcase"))
    organisations = [uuid.UUID(scope) for scope in rules.staff.scopes(actor) if scope]
    for place in tenancy.institution_hosts(organisation_ids=organisations):
        places.append(Place(place.name, methods.host_url(place.host, address("staff")), "staff", "chalkboard"))
    return places + _trainings(actor)


def learns_at(person_id: uuid.UUID) -> list[tenancy.InstitutionHost]:
    """Return the institutions where a person holds a place now, the latest first."""
    rows = ActiveEnrolment.objects.filter(person_id=person_id, released_at=None).order_by("-claimed_at")
    ids = list(dict.fromkeys(rows.values_list("institution_id", flat=True)))
    by_institution = (
        {place.institution_id: place for place in tenancy.institution_hosts(institution_ids=ids)} if ids else {}
    )
    return [by_institution[i] for i in ids if i in by_institution]


def _trainings(actor: Actor) -> list[Place]:
    if actor.person_id is None:
        return []
    return [
        Place(place.name, methods.host_url(place.host, address("my")), "training", "school")
        for place in learns_at(actor.person_id)
    ]


def enrolled_for(person_id: uuid.UUID, position: str) -> bool:
    """Say whether a person holds a place for a position now, at whatever institution; asks with all rows in sight."""
    with tenancy.open_public():
        return ActiveEnrolment.objects.filter(person_id=person_id, position=position, released_at=None).exists()


def at_platform(path: str) -> str:
    """Return the whole address of a path at the platform's host, for pages of an institution's."""
    return methods.platform_url(path)


def first_place(actor: Actor) -> str:
    """Return the one address to which this actor's landing page leads on, or "" where there is a choice or none."""
    official = [place for place in places_of(actor) if place.kind != "training"]
    if len(official) == 1 and actor.is_strong:
        return official[0].url
    return ""
