"""To-dos: registrations that wait for an officer, a code that was not entered, an employer that asks."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import CharField, UUIDField
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import Actor, account_of
from kernel.clock import legal_day
from kernel.db.statements import Bind, Figure, Statement
from kernel.todos import Todo, only_if

from .. import rules
from ..models import Employee, Registration
from ..states import WAITING, EmployeeState, State

LIMIT = 20
WARN_DAYS = 7

_ASKED = Statement(
    lambda: Registration.objects.filter(state=State.ASKED, authority_code__any_of=Bind("codes", CharField(), many=True))
)
_OWN = Statement(lambda: Registration.objects.filter(state__in=WAITING, applied_by=Bind("account", UUIDField())))
_NAMED = Statement(
    lambda: Employee.objects.filter(
        state=EmployeeState.ASKED, asked_at__isnull=False, person_id=Bind("person", UUIDField())
    )
)


def _page(name: str, *keys: object) -> str:
    return reverse(f"employers:{name}", args=keys, urlconf=settings.PUBLIC_SCHEMA_URLCONF)


def _signs_for_officer(by: Actor, at: datetime) -> list[Figure]:
    codes = rules.decides.scopes(by)
    return [_ASKED.exists(codes=codes)] if codes else []


@only_if(_signs_for_officer)
def for_officer(by: Actor, at: datetime) -> Iterator[Todo]:
    """Yield the registrations that wait for the very authorities of an officer, what waits longest first."""
    rows = Registration.objects.filter(state=State.ASKED, authority_code__in=rules.decides.scopes(by))
    for row in rows.order_by("state_since", "pk")[:LIMIT]:
        left = (row.stands_until - legal_day(at)).days
        yield Todo(
            _("Look at the registration of %(name)s") % {"name": row.name},
            _page("registration", row.pk),
            _("Look"),
            _("A letter was uploaded.") if row.letter_id else _("Without a letter: an institution may vouch."),
            _("stands until %(day)s") % {"day": f"{row.stands_until:%Y-%m-%d}"},
            "warn" if left <= WARN_DAYS else "",
            "briefcase",
        )


def _signs_for_applicant(by: Actor, at: datetime) -> list[Figure]:
    return [_OWN.exists(account=by.account_id)] if by.account_id else []


@only_if(_signs_for_applicant)
def for_applicant(by: Actor, at: datetime) -> Iterator[Todo]:
    """Yield the registrations that one began: the code to enter, or where it stands."""
    account_id = account_of(by)
    for row in Registration.objects.filter(state__in=WAITING, applied_by=account_id)[:LIMIT]:
        begun = row.state == State.BEGUN
        title = _("Enter the code for %(name)s") if begun else _("Registration of %(name)s")
        button = _("Enter the code") if begun else _("See")
        detail = str(State(row.state).label)
        tone = "warn" if begun else ""
        yield Todo(title % {"name": row.name}, _page("own", row.pk), button, detail, tone=tone, icon="briefcase")


def _signs_for_person(by: Actor, at: datetime) -> list[Figure]:
    return [_NAMED.exists(person=by.person_id)] if by.person_id else []


@only_if(_signs_for_person)
def for_person(by: Actor, at: datetime) -> Iterator[Todo]:
    """Yield the employers that ask the actor whether they work there."""
    if by.person_id is None:
        return
    rows = Employee.objects.filter(state=EmployeeState.ASKED, asked_at__isnull=False, person_id=by.person_id)
    for row in rows.select_related("employer").order_by("pk")[:LIMIT]:
        yield Todo(
            _("%(name)s says that you work there") % {"name": row.employer.name},
            _page("mine"),
            _("Answer"),
            _("It sees nothing of you unless you agree."),
            _("until %(day)s") % {"day": f"{row.stands_until:%Y-%m-%d}"},
            icon="briefcase",
        )
