"""Navigation: the links on top of a page, at the side of a console, and behind the person's name.

A link is an address of this host that resolves and whose view lets this person in. So no link leads to a refusal, and a
page that a build does not have is not offered. A view that only wants the second factor first is offered: it asks for
it itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel import access
from kernel.web.addresses import lets_in


@dataclass(frozen=True, slots=True)
class NavItem:
    """One address with its name and icon; `under` are further addresses that belong to it, `alone` claims no others."""

    path: str
    label: str | Promise
    icon: str = ""
    also: tuple[str, ...] = ()
    exact: bool = False
    at_platform: bool = False

    def match_length(self, path: str) -> int:
        """Say how well `path` fits under this place: the length of the part they share, 0 for not at all."""
        if path == self.path:
            return len(path) + 1
        owned = self.also if self.exact else (self.path, *self.also)
        return max((len(start) for start in owned if path.startswith(start)), default=0)


@dataclass(frozen=True, slots=True)
class Section:
    """A console: the addresses it covers, its name, its places in the order of the work."""

    prefixes: tuple[str, ...]
    title: str | Promise
    items: tuple[NavItem, ...]


Link = dict[str, Any]

OFFICE = (
    NavItem("/authority/", _("To do now"), "inbox", exact=True),
    NavItem("/authority/board/", _("Board"), "chart-bar"),
    NavItem("/authority/commitments/", _("Commitments"), "clipboard-check", ("/authority/objections/",)),
    NavItem("/authority/institutions/", _("Institutions"), "building"),
    NavItem("/authority/employers/", _("Employers"), "briefcase"),
    NavItem("/authority/policy/", _("Policy desk"), "scale"),
    NavItem("/authority/caps/", _("Ceilings of fees"), "coin"),
    NavItem("/authority/calendar/", _("Working days"), "calendar"),
    NavItem("/authority/certificates/", _("Certificates"), "certificate"),
    NavItem("/authority/exchange/", _("Sent to outside systems"), "send"),
    NavItem("/authority/scores/", _("Scores"), "pencil"),
    NavItem("/authority/stars/", _("Yearly stars"), "star"),
    NavItem("/authority/bank/", _("Question bank"), "list-check"),
    NavItem("/operator/", _("Operation"), "adjustments", exact=True),
    NavItem("/operator/institutions/", _("Schemas of institutions"), "building-bank"),
    NavItem("/operator/people/", _("Officers"), "users"),
    NavItem("/authority/recoveries/", _("Help with accounts"), "key", ("/authority/persons/",)),
    NavItem("/operator/outbox/", _("Outbox"), "send"),
    NavItem("/operator/exchange/", _("Outside systems"), "cloud-upload"),
    NavItem("/authority/data-corrections/", _("Corrections of personal data"), "pencil"),
    NavItem("/operator/personal-data/", _("Personal data"), "shield-check"),
    NavItem(
        "/operator/incidents/", _("Incidents with personal data"), "alert-triangle", ("/authority/data-incidents/",)
    ),
    NavItem("/authority/data-incidents/new/", _("Report an incident with personal data"), "alert-circle", exact=True),
    NavItem("/operator/keys/", _("Data keys"), "key"),
)
AUTHORITY = Section(("/authority/",), _("Authority"), OFFICE)
OPERATOR = Section(("/operator/",), _("Operator"), OFFICE)
EMPLOYER = Section(("/employer/",), _("Employer"), (NavItem("/employer/", _("To do now"), "inbox", exact=True),))
STAFF = Section(
    ("/staff/",),
    _("Staff desk"),
    (
        NavItem("/staff/", _("To do now"), "inbox", exact=True),
        NavItem("/staff/classes/", _("Classes"), "school", ("/staff/participants/", "/staff/corrections/")),
        NavItem("/staff/enrolments/", _("Enrolments"), "clipboard-list", ("/staff/rosters/",)),
        NavItem("/staff/sittings/", _("Sittings"), "device-desktop", ("/staff/candidacies/", "/staff/incidents/")),
        NavItem("/staff/certificates/", _("Certificates"), "certificate"),
        NavItem("/staff/orders/", _("Orders and payments"), "cash"),
        NavItem("/staff/prices/", _("Price list"), "coin"),
        NavItem("/staff/programmes/", _("Programmes"), "book"),
        NavItem("/staff/rooms/", _("Test rooms"), "door-enter"),
        NavItem("/staff/people/", _("People and roles"), "users"),
        NavItem("/staff/employers/", _("Vouch for an employer"), "briefcase"),
        NavItem("/staff/recoveries/", _("Help with accounts"), "key", ("/staff/persons/",)),
        NavItem("/staff/data-corrections/", _("Corrections of personal data"), "pencil"),
        NavItem("/staff/data-incidents/", _("Report an incident with personal data"), "alert-triangle"),
    ),
)
ACCOUNT = Section(
    ("/account/", "/commitment/", "/organisations/", "/institutions/apply/"),
    _("My account"),
    (
        NavItem("/account/home/", _("To do now"), "inbox"),
        NavItem("/commitment/", _("My organisations"), "building", ("/organisations/", "/institutions/apply/")),
        NavItem("/account/employers/", _("My employers"), "briefcase"),
        NavItem("/account/notices/", _("Notices"), "bell"),
        NavItem("/account/certificates/", _("My certificates"), "certificate"),
        NavItem("/account/", _("My account"), "user", ("/account/",), exact=True),
        NavItem("/account/person/", _("Personal details"), "id-badge-2"),
        NavItem("/account/privacy/", _("My privacy"), "shield-check"),
        NavItem("/account/2fa/", _("Second factor"), "shield-check"),
        NavItem("/account/tokens/", _("Access tokens"), "key"),
    ),
)
CONSOLES = (AUTHORITY, OPERATOR, EMPLOYER, STAFF, ACCOUNT)

DESK_PREFIXES = ("/account/", "/authority/", "/operator/", "/employer/", "/commitment/")
CITIZEN = (
    NavItem("/classes/", _("Find a class")),
    NavItem("/institutions/", _("Institutions")),
    NavItem("/rankings/", _("Stars")),
    NavItem("/notices/", _("Public notices")),
    NavItem("/verify/", _("Verify a certificate")),
    NavItem("/policy/", _("The rules")),
)
DESK = NavItem("/account/home/", _("My desk"), "inbox", DESK_PREFIXES)
INSTITUTION_PUBLIC = (
    NavItem("/", _("Classes and prices"), "home", ("/classes/",), exact=True),
    NavItem("/policy/", _("The rules"), "scale"),
)
TRAINING = (
    NavItem("/my/", _("My training"), "school"),
    NavItem("/my/tests/", _("My tests"), "clipboard-check", ("/my/attempts/",)),
)
PERSONAL = (
    NavItem("/account/home/", _("To do now"), "inbox", at_platform=True),
    NavItem("/account/notices/", _("Notices"), "bell", at_platform=True),
    NavItem("/account/certificates/", _("My certificates"), "certificate", at_platform=True),
    NavItem("/account/", _("My account"), "user", at_platform=True),
)


def links_for(request: HttpRequest) -> dict[str, Any]:
    """Return the links of one page: on top, at the side, behind the name."""
    console = _console(request.path)
    return {
        "main_nav": _links(request, _main_items(request)),
        "console_nav": _links(request, console.items) if console and _actor(request).is_authenticated else [],
        "console_title": console.title if console else "",
        "account_nav": _links(request, _personal_items(request)) if _actor(request).is_authenticated else [],
    }


def _console(path: str) -> Section | None:
    return next((section for section in CONSOLES if path.startswith(section.prefixes)), None)


def _main_items(request: HttpRequest) -> list[NavItem]:
    """Return a citizen's links, and those to the person's own pages."""
    known = _actor(request).is_authenticated
    if getattr(request, "institution", None) is None:
        return [*CITIZEN, *([DESK] if known else [])]
    home, *rest = INSTITUTION_PUBLIC
    return [home, *(TRAINING if known else ()), *_staff_entry(request), *rest]


def _personal_items(request: HttpRequest) -> list[NavItem]:
    if getattr(request, "institution", None) is None:
        return list(PERSONAL)
    return [*TRAINING, *_staff_entry(request), *PERSONAL[1:]]


def _staff_entry(request: HttpRequest) -> list[NavItem]:
    """Return a link to the first page of the staff's desk that this person may open, if there is one."""
    first = next((item for item in STAFF.items if _is_allowed(request, item)), None)
    return [NavItem(first.path, STAFF.title, "chalkboard", STAFF.prefixes)] if first else []


def _links(request: HttpRequest, items: Iterable[NavItem]) -> list[Link]:
    """Return the open places; the one that fits the page best is `active` ("page" when it is the page itself)."""
    open_ones = [item for item in items if _is_allowed(request, item)]
    best = max((item.match_length(request.path) for item in open_ones if _is_here(request, item)), default=0)
    platform = f"{request.scheme}://{settings.NUOXING_HOST}:{request.get_port()}"
    links = []
    for item in open_ones:
        here = _is_here(request, item)
        active = best > 0 and here and item.match_length(request.path) == best
        links.append(
            {
                "label": item.label,
                "url": item.path if here else platform + item.path,
                "icon": item.icon,
                "active": ("page" if item.path == request.path else "true") if active else "",
            }
        )
    return links


def _is_here(request: HttpRequest, item: NavItem) -> bool:
    return not item.at_platform or getattr(request, "institution", None) is None


def _is_allowed(request: HttpRequest, item: NavItem) -> bool:
    return lets_in(request, item.path, urlconf=settings.PUBLIC_SCHEMA_URLCONF if item.at_platform else None)


def _actor(request: HttpRequest) -> access.Actor:
    return getattr(request, "actor", access.ANONYMOUS)
