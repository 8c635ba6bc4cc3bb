"""The way about: which links a person finds on top, at the side of a console, and behind their own name.

A link is an address of this host that resolves and whose view lets this person in. So no link leads to a refusal, and a
page that a build does not have is not offered. A view that only wants the second factor first is offered: it asks for
it itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel import access
from kernel.errors import Refusal
from kernel.middleware import declared_elsewhere


@dataclass(frozen=True, slots=True)
class Place:
    """One address with its name and icon; `under` are further addresses that belong to it, `alone` claims no others."""

    path: str
    label: str | Promise
    icon: str = ""
    under: tuple[str, ...] = ()
    alone: bool = False
    at_platform: bool = False

    def claims(self, path: str) -> int:
        """Say how well `path` fits under this place: the length of the part they share, 0 for not at all."""
        if path == self.path:
            return len(path) + 1
        owned = self.under if self.alone else (self.path, *self.under)
        return max((len(start) for start in owned if path.startswith(start)), default=0)


@dataclass(frozen=True, slots=True)
class Section:
    """A console: the addresses it covers, its name, its places in the order of the work."""

    covers: tuple[str, ...]
    title: str | Promise
    places: tuple[Place, ...]


Link = dict[str, Any]

OFFICE = (
    Place("/authority/", _("To do now"), "inbox", alone=True),
    Place("/authority/board/", _("Board"), "chart-bar"),
    Place("/authority/commitments/", _("Commitments"), "clipboard-check", ("/authority/objections/",)),
    Place("/authority/institutions/", _("Institutions"), "building"),
    Place("/authority/policy/", _("Policy desk"), "scale"),
    Place("/authority/caps/", _("Ceilings of fees"), "coin"),
    Place("/authority/calendar/", _("Working days"), "calendar"),
    Place("/authority/certificates/", _("Certificates"), "certificate"),
    Place("/authority/exchange/", _("Told to outside systems"), "send"),
    Place("/authority/scores/", _("Scores"), "pencil"),
    Place("/authority/stars/", _("Yearly stars"), "star"),
    Place("/authority/bank/", _("Question bank"), "list-check"),
    Place("/operator/", _("Operation"), "adjustments", alone=True),
    Place("/operator/institutions/", _("Schemas of institutions"), "building-bank"),
    Place("/operator/people/", _("Officers"), "users"),
    Place("/authority/recoveries/", _("Help with accounts"), "key", ("/authority/persons/",)),
    Place("/operator/outbox/", _("Outbox"), "send"),
    Place("/operator/exchange/", _("Outside systems"), "cloud-upload"),
    Place("/authority/data-corrections/", _("Corrections of personal data"), "pencil"),
    Place("/operator/personal-data/", _("Personal data"), "shield-check"),
    Place("/operator/incidents/", _("Incidents with personal data"), "alert-triangle", ("/authority/data-incidents/",)),
    Place("/authority/data-incidents/new/", _("Report an incident with personal data"), "alert-circle", alone=True),
    Place("/operator/keys/", _("Data keys"), "key"),
)
AUTHORITY = Section(("/authority/",), _("Authority"), OFFICE)
OPERATOR = Section(("/operator/",), _("Operator"), OFFICE)
EMPLOYER = Section(("/employer/",), _("Employer"), (Place("/employer/", _("To do now"), "inbox", alone=True),))
STAFF = Section(
    ("/staff/",),
    _("Staff desk"),
    (
        Place("/staff/", _("To do now"), "inbox", alone=True),
        Place("/staff/classes/", _("Classes"), "school", ("/staff/participants/", "/staff/corrections/")),
        Place("/staff/enrolments/", _("Enrolments"), "clipboard-list"),
        Place("/staff/sittings/", _("Sittings"), "device-desktop", ("/staff/candidacies/", "/staff/incidents/")),
        Place("/staff/certificates/", _("Certificates"), "certificate"),
        Place("/staff/orders/", _("Orders and payments"), "cash"),
        Place("/staff/prices/", _("Price list"), "coin"),
        Place("/staff/programmes/", _("Programmes"), "book"),
        Place("/staff/rooms/", _("Test rooms"), "door-enter"),
        Place("/staff/people/", _("People and roles"), "users"),
        Place("/staff/recoveries/", _("Help with accounts"), "key", ("/staff/persons/",)),
        Place("/staff/data-corrections/", _("Corrections of personal data"), "pencil"),
        Place("/staff/data-incidents/", _("Report an incident with personal data"), "alert-triangle"),
    ),
)
ACCOUNT = Section(
    ("/account/", "/commitment/", "/organisations/", "/institutions/apply/"),
    _("My account"),
    (
        Place("/account/home/", _("To do now"), "inbox"),
        Place("/commitment/", _("My organisations"), "building", ("/organisations/", "/institutions/apply/")),
        Place("/account/notices/", _("Notices"), "bell"),
        Place("/account/certificates/", _("My certificates"), "certificate"),
        Place("/account/", _("My account"), "user", ("/account/",), alone=True),
        Place("/account/person/", _("Personal details"), "id-badge-2"),
        Place("/account/privacy/", _("My privacy"), "shield-check"),
        Place("/account/2fa/", _("Second factor"), "shield-check"),
        Place("/account/tokens/", _("Access tokens"), "key"),
    ),
)
CONSOLES = (AUTHORITY, OPERATOR, EMPLOYER, STAFF, ACCOUNT)

DESKS = ("/account/", "/authority/", "/operator/", "/employer/", "/commitment/")
CITIZEN = (
    Place("/institutions/", _("Institutions")),
    Place("/rankings/", _("Stars")),
    Place("/notices/", _("Public notices")),
    Place("/verify/", _("Verify a certificate")),
    Place("/policy/", _("The rules")),
)
DESK = Place("/account/home/", _("My desk"), "inbox", DESKS)
AT_AN_INSTITUTION = (
    Place("/", _("Classes and prices"), "home", ("/classes/",), alone=True),
    Place("/policy/", _("The rules"), "scale"),
)
TRAINING = (
    Place("/my/", _("My training"), "school"),
    Place("/my/tests/", _("My tests"), "clipboard-check", ("/my/attempts/",)),
)
OWN = (
    Place("/account/home/", _("To do now"), "inbox", at_platform=True),
    Place("/account/notices/", _("Notices"), "bell", at_platform=True),
    Place("/account/certificates/", _("My certificates"), "certificate", at_platform=True),
    Place("/account/", _("My account"), "user", at_platform=True),
)


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """Return the links of one page: on top, at the side, behind the name."""
    console = _console(request.path)
    return {
        "main_nav": _links(request, _main(request)),
        "console_nav": _links(request, console.places) if console and _actor(request).known else [],
        "console_title": console.title if console else "",
        "account_nav": _links(request, _own(request)) if _actor(request).known else [],
    }


def _console(path: str) -> Section | None:
    return next((section for section in CONSOLES if path.startswith(section.covers)), None)


def _main(request: HttpRequest) -> list[Place]:
    """A citizen's links, and the doors to what is a person's own."""
    known = _actor(request).known
    if getattr(request, "institution", None) is None:
        return [*CITIZEN, *([DESK] if known else [])]
    home, *rest = AT_AN_INSTITUTION
    return [home, *(TRAINING if known else ()), *_staff_door(request), *rest]


def _own(request: HttpRequest) -> list[Place]:
    if getattr(request, "institution", None) is None:
        return list(OWN)
    return [*TRAINING, *_staff_door(request), *OWN[1:]]


def _staff_door(request: HttpRequest) -> list[Place]:
    """The first place at the staff's desk that lets this person in, if there is one."""
    first = next((place for place in STAFF.places if _lets_in(request, place)), None)
    return [Place(first.path, STAFF.title, "chalkboard", STAFF.covers)] if first else []


def _links(request: HttpRequest, places: Iterable[Place]) -> list[Link]:
    """Return the open places; the one that fits the page best is `active` ("page" when it is the page itself)."""
    open_ones = [place for place in places if _lets_in(request, place)]
    best = max((place.claims(request.path) for place in open_ones if _is_here(request, place)), default=0)
    platform = f"{request.scheme}://{settings.NUOXING_HOST}:{request.get_port()}"
    links = []
    for place in open_ones:
        here = _is_here(request, place)
        active = best > 0 and here and place.claims(request.path) == best
        links.append(
            {
                "label": place.label,
                "url": place.path if here else platform + place.path,
                "icon": place.icon,
                "active": ("page" if place.path == request.path else "true") if active else "",
            }
        )
    return links


def _is_here(request: HttpRequest, place: Place) -> bool:
    return not place.at_platform or getattr(request, "institution", None) is None


def _lets_in(request: HttpRequest, place: Place) -> bool:
    here = getattr(request, "urlconf", None) or settings.ROOT_URLCONF
    view = _view(place.path, settings.PUBLIC_SCHEMA_URLCONF if place.at_platform else here)
    rule = (access.rule_of(view) or declared_elsewhere(view)) if view else None
    if rule is None:
        return False
    try:
        rule.check(_actor(request), request)
    except access.SecondFactorNeeded:
        return True
    except Refusal:
        return False
    return True


@cache
def _view(path: str, urlconf: str) -> Any:
    """Return the view at an address, None where there is none; URLs do not change while the process lives."""
    try:
        return resolve(path, urlconf).func
    except Resolver404:
        return None


def _actor(request: HttpRequest) -> access.Actor:
    return getattr(request, "actor", access.ANONYMOUS)
