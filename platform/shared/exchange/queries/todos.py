"""To-do entries of the operator: messages given up, lists that differ."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.access import Actor
from kernel.db.statements import Figure, Statement
from kernel.todos import Todo, only_if

from .. import rules
from ..models.messages import Discrepancy, Reconciliation
from ..states import DiscrepancyState
from .messages import overdue, signs_of_overdue


def _page(name: str) -> str:
    return reverse(f"exchange:{name}", urlconf=settings.PUBLIC_SCHEMA_URLCONF)


_OPEN_DISCREPANCIES = Statement(lambda: Discrepancy.objects.filter(state=DiscrepancyState.OPEN))


_NEWEST = Reconciliation.objects.filter(system=OuterRef("system"), kind=OuterRef("kind")).order_by("-ran_at", "-pk")
_FAULTY_LISTS = Statement(
    lambda: Reconciliation.objects.filter(pk=Subquery(_NEWEST.values("pk")[:1])).exclude(fault="")
)
"""The comparisons of which the newest could not be made."""


def _signs(actor: Actor, at: datetime) -> Iterable[Figure]:
    if not rules.operates(actor):
        return []
    return [signs_of_overdue(at), _OPEN_DISCREPANCIES.exists(), _FAULTY_LISTS.exists()]


@only_if(_signs)
def for_operator(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Yield what outside systems leave to a person."""
    if not rules.operates(actor):
        return
    if count := overdue(real=at).count():
        yield Todo(
            ngettext(
                "%(n)s message to an outside system needs a decision",
                "%(n)s messages to outside systems need a decision",
                count,
            )
            % {"n": count},
            _page("messages") + "?trouble=person",
            _("Have a look"),
            _("Every retry was used, or there has been no answer for days."),
            tone="bad",
            icon="send",
        )
    if count := Discrepancy.objects.filter(state=DiscrepancyState.OPEN).count():
        yield Todo(
            ngettext(
                "%(n)s line differs from an outside system's list",
                "%(n)s lines differ from outside systems' lists",
                count,
            )
            % {"n": count},
            _page("discrepancies"),
            _("Compare"),
            tone="warn",
            icon="scale",
        )
    if faulty := _FAULTY_LISTS.fetch():
        yield Todo(
            ngettext(
                "%(n)s list of an outside system could not be compared",
                "%(n)s lists of outside systems could not be compared",
                len(faulty),
            )
            % {"n": len(faulty)},
            _page("discrepancies"),
            _("Have a look"),
            faulty[0].fault,
            tone="bad",
            icon="scale",
        )
