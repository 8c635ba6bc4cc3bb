"""To-do entries of officers on their landing page."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import CharField, Exists, IntegerField, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.access import Actor
from kernel.db.statements import Bind, Figure, Statement
from kernel.todos import Todo, only_if

from .. import rules
from ..models import AuthorityScore, RatingMonth, StarRun
from ..states import RunState
from .periods import ended_year, last_day
from .questions import method_at
from .scores import scores_missing


def _page(name: str, *args: object) -> str:
    return reverse(name, args=args, urlconf=settings.PUBLIC_SCHEMA_URLCONF)


_YEAR = Bind("year", IntegerField())
_UNSCORED = Statement(
    lambda: RatingMonth.objects.filter(
        ~Exists(AuthorityScore.objects.filter(institution=OuterRef("institution"), year=OuterRef("year"))),
        year=_YEAR,
        institution__organisation__authority_code__any_of=Bind("codes", CharField(), many=True),
    )
)
_DRAFTS = Statement(lambda: StarRun.objects.filter(state=RunState.DRAFT))
_UNCOUNTED = Statement(lambda: _ratings_without_run(_YEAR))


def _ratings_without_run(year: Any) -> QuerySet[RatingMonth]:
    """Return what was rated in a year that nobody has counted; a platform without ratings has nothing to count."""
    runs = StarRun.objects.filter(year=OuterRef("year"), state__in=[RunState.PUBLISHED, RunState.DRAFT])
    return RatingMonth.objects.filter(~Exists(runs), year=year)


def _signs(actor: Actor, at: datetime) -> Iterable[Figure]:
    year = ended_year(at)
    if codes := rules.scores.scopes(actor):
        yield _UNSCORED.exists(year=year, codes=codes)
    if actor.account_id is not None and rules.runs(actor):
        yield _DRAFTS.exists()
        yield _UNCOUNTED.exists(year=year)


@only_if(_signs)
def for_officer(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Return what the stars need of an officer: scores, a run in January, a second look at a preview."""
    year = ended_year(at)
    if rules.scores(actor):
        missing = scores_missing(actor, year, method_at(last_day(year)))
        if missing:
            yield Todo(
                ngettext("Score %(n)s institution for %(year)s", "Score %(n)s institutions for %(year)s", missing)
                % {"n": missing, "year": year},
                _page("rankings:scores-year", year),
                _("Enter scores"),
                _("Without the authority's scores the year's stars cannot be counted."),
                tone="warn",
                icon="star-half",
            )
    if actor.account_id is not None and rules.runs(actor):
        yield from _runs(actor.account_id, year)


def _runs(account_id: uuid.UUID, year: int) -> Iterable[Todo]:
    drafts = StarRun.objects.filter(state=RunState.DRAFT).exclude(prepared_by=account_id).order_by("year")
    for run in drafts.only("year"):
        yield Todo(
            _("Look at the stars of %(year)s and publish them") % {"year": run.year},
            _page("rankings:run", run.pk),
            _("Have a look"),
            _("Prepared by another officer; it takes two."),
            icon="star",
        )
    if _ratings_without_run(year).exists():
        yield Todo(
            _("Count the stars of %(year)s") % {"year": year},
            _page("rankings:stars"),
            _("Count now"),
            _("Due every January for the year before."),
            icon="star",
        )
