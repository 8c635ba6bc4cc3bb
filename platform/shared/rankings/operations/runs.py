"""The yearly star run: prepared from frozen inputs by one officer, published by another (policy part 5)."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, reasons
from kernel.access import Actor
from kernel.errors import NotFound, Refusal
from shared.institutions.operations import standing
from shared.institutions.queries import listing as institution_listing_queries

from .. import methods, rules
from ..models import StarResult, StarRun
from ..queries import periods
from ..queries import questions as ranking_questions
from ..queries import runs as run_queries
from ..states import STAR_RUN, RunState


class YearNotOver(Refusal):
    """A year is counted when it is over."""

    code = "year-not-over"
    message = _("%(year)s is not over in China; its stars are counted from January %(next)s on.")


class ScoresMissing(Refusal):
    """A missing score is never a nought: nothing is computed."""

    code = "scores-missing"
    message = _("The authority's score for %(year)s is missing for: %(names)s. Nothing was computed.")


class CountsDiffer(Refusal):
    """The ratings and the counts kept with them disagree."""

    code = "counts-differ"
    message = _(
        "The monthly counts are not those of the ratings for: %(names)s. Nothing was computed; tell the operator."
    )


class NothingToRun(Refusal):
    """No institution was listed at the end of the year."""

    code = "nothing-to-run"
    message = _("No institution was on the list at the end of %(year)s.")


class SameOfficer(Refusal):
    """Who prepared a run does not publish it."""

    code = "same-officer"
    status = 403
    message = _("You prepared this run. A second officer looks at it and publishes it.")


def run_year(*, year: int, by: Actor, at: datetime, reason: str = "") -> uuid.UUID:
    """Compute a year's stars into a preview, with everything they are made from frozen beside them; return its key.

    An older preview of the year is discarded. Refuses a year that is not over in China (YearNotOver), one without
    institutions (NothingToRun), a missing authority's score (ScoresMissing), counts that disagree (CountsDiffer), a
    published year without a reason (ReasonRequired), and anybody but the province's officers (Denied).
    """
    account = _runner(by)
    if year > periods.ended_year(at):
        raise YearNotOver(year=year, next=year + 1)
    method = ranking_questions.method_at(periods.last_day(year))
    with transaction.atomic():
        earlier = list(StarRun.objects.select_for_update().filter(year=year).order_by("pk"))
        published = next((run for run in earlier if run.state == RunState.PUBLISHED), None)
        if published is not None:
            message = _(
                "%(year)s is published. Say why it is counted again; the reason is published with the new table."
            )
            reason = reasons.require(reason, field="reason", message=message % {"year": year})
        entrants = _entrants(year, method)
        outcomes = methods.outcomes(entrants, method)
        for draft in (run for run in earlier if run.state == RunState.DRAFT):
            STAR_RUN.move(draft, "discard", by=by, at=at, why="")
        revision = (StarRun.objects.filter(year=year).aggregate(last=Max("revision"))["last"] or 0) + 1
        run = StarRun.objects.create(
            year=year,
            revision=revision,
            policy=method.policy,
            method=method.to_json(),
            inputs=[entrant.to_json() for entrant in entrants],
            input_digest=methods.input_digest(year=year, method=method, entrants=entrants),
            result_digest=methods.result_digest(outcomes),
            corrects=published,
            reason=reason.strip()[:500],
            prepared_by=account,
            prepared_at=at,
            state=STAR_RUN.initial,
            state_since=at,
        )
        StarResult.objects.bulk_create([_result(run, outcome) for outcome in outcomes], batch_size=500)
        after = audit.values(run, "year", "revision", "input_digest", "result_digest")
        audit.note("star_run.prepare", run, by=by, at=at, after=after, why=run.reason, policy=method.policy)
    return run.pk


def _entrants(year: int, method: methods.StarMethod) -> list[methods.Entrant]:
    entrants = run_queries.entrants(year, method)
    if not entrants:
        raise NothingToRun(year=year)
    if differing := run_queries.months_differ(year, entrants):
        raise CountsDiffer(names=str(run_queries.UnscoredInstitutions(tuple(differing))))
    if blocked := run_queries.unscored(entrants, method):
        raise ScoresMissing(year=year, names=str(blocked))
    return entrants


def _result(run: StarRun, outcome: methods.Outcome) -> StarResult:
    return StarResult(
        run=run,
        institution_id=outcome.institution,
        name=outcome.name,
        n=outcome.n,
        eligible=outcome.eligible,
        learner=outcome.learner,
        authority=outcome.authority,
        total=outcome.total,
        stars=outcome.stars,
        place=outcome.place,
        spread=list(outcome.spread),
    )


def publish_run(*, run_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Publish a preview: the year's table stands, and every rated institution carries its stars, which the database
    writes with it (rankings 0007); one that was not rated keeps those of the year in which it was.

    Refuses who prepared it (SameOfficer), a run that is no preview (WrongState), and anybody but the province's
    officers (Denied). A published run of the year is replaced and kept.
    """
    account = _runner(by)
    with transaction.atomic():
        run = _lock_run(run_id)
        if not rules.may_publish(by, run.prepared_by):
            raise SameOfficer
        published = StarRun.objects.select_for_update().filter(year=run.year, state=RunState.PUBLISHED).first()
        if published is not None:
            STAR_RUN.move(published, "supersede", by=by, at=at, why=run.reason, policy=run.policy)
        rated = StarResult.objects.filter(run__year=run.year).values_list("institution_id", flat=True)
        before = institution_listing_queries.stars(set(rated))
        STAR_RUN.move(run, "publish", by=by, at=at, policy=run.policy, published_by=account, published_at=at)
        standing.note_stars(before=before, at=at, policy_version=run.policy)


def discard_run(*, run_id: uuid.UUID, by: Actor, at: datetime, why: str = "") -> None:
    """Discard a preview; it is kept. Refuses (WrongState) a run that is none, and all but the province's officers."""
    _runner(by)
    with transaction.atomic():
        STAR_RUN.move(_lock_run(run_id), "discard", by=by, at=at, why=why.strip())


def _runner(by: Actor) -> uuid.UUID:
    access.demand(by, rules.runs)
    return access.account_of(by)


def _lock_run(run_id: uuid.UUID) -> StarRun:
    run = StarRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotFound
    return run
