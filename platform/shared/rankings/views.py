"""The public tables; the desks where authorities score and the province counts and publishes."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import access
from kernel.shared_pages import everybody
from kernel.tables import paged
from kernel.web.forms import submit
from kernel.web.http import Request, page
from kernel.web.repeats import once

from . import documents, rules
from .forms import RunForm, ScoreForm
from .operations import runs, scores
from .queries import editions as ranking_editions
from .queries import periods
from .queries import questions as ranking_questions
from .queries import runs as run_queries
from .queries import scores as score_queries
from .queries import tables as ranking_tables
from .tables import RankingTable, RunTable, ScoreTable, head, lines, notes

# --- Everybody --------------------------------------------------------------------------------------


@access.public
@require_safe
def index(request: Request) -> HttpResponse:
    """Lead to the newest published year, or say how stars come about while there is none."""
    year = ranking_tables.latest_year()
    if year is not None:
        return redirect("rankings:year", year=year)
    return page(
        request,
        "rankings/none.html",
        {"facts": ranking_questions.method_facts(ranking_questions.method_at(request.now))},
    )


@access.public
@require_safe
@everybody(lambda year: ranking_editions.stars_rows())
def year(request: Request, year: int) -> HttpResponse:
    """Show a published year: table, spread, method, digests."""
    ranking = ranking_tables.ranking(year)
    search = request.GET.get("search", "").strip()
    table = RankingTable([row for row in ranking.rows if search in row.name])
    context = {"ranking": ranking, "table": paged(request, table), "search": search, "years": ranking_tables.years()}
    return page(request, "rankings/year.html", context)


@access.public
@require_safe
def check(request: Request, year: int) -> HttpResponse:
    """Compute a published year anew from its frozen inputs and say whether it comes out the same."""
    context = {"check": ranking_tables.check(year)}
    fragment = request.headers.get("HX-Request") == "true"
    return page(request, "rankings/parts/check.html" if fragment else "rankings/check.html", context)


@access.public
@require_safe
def csv_file(request: Request, year: int) -> HttpResponse:
    """Hand out the year's numbers as CSV."""
    ranking = ranking_tables.ranking(year)
    return _file(documents.table_csv(head(), lines(ranking.rows)), "text/csv; charset=utf-8", f"stars-{year}.csv")


@access.public
@require_safe
def xlsx_file(request: Request, year: int) -> HttpResponse:
    """Hand out the year's numbers as a workbook, with the method on a second sheet."""
    ranking = ranking_tables.ranking(year)
    book = documents.table_xlsx(str(year), head(), lines(ranking.rows), notes(ranking))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(book, kind, f"stars-{year}.xlsx")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@access.public
@require_safe
@everybody(lambda slug: ranking_editions.stars_rows())
def institution(request: Request, slug: str) -> HttpResponse:
    """Show all published years of one institution."""
    name, rows = ranking_tables.history(slug)
    return page(request, "rankings/institution.html", {"name": name, "rows": rows})


# --- The authorities' scores ------------------------------------------------------------------------


@access.requires(rules.scores)
@require_safe
def score_year(request: Request) -> HttpResponse:
    """Lead to the year that is to be scored now."""
    return redirect("rankings:scores-year", year=periods.ended_year(request.now))


@access.requires(rules.scores)
@require_safe
def scores_of_year(request: Request, year: int) -> HttpResponse:
    """List the institutions that the officer's authority scores for a year."""
    ended = periods.ended_year(request.now)
    rows = score_queries.score_lines(request.actor, year, ranking_questions.method_at(request.now))
    table = paged(request, ScoreTable(rows, year=year))
    open_ones = sum(line.points is None for line in rows)
    return page(
        request,
        "rankings/scores.html",
        {"table": table, "year": year, "years": [ended + 1, ended, ended - 1], "open": open_ones},
    )


@access.requires(rules.scores)
@require_http_methods(["GET", "HEAD", "POST"])
def score(request: Request, year: int, institution_id: uuid.UUID) -> HttpResponse:
    """Enter what the authority gives one institution for a year."""
    scored_institution = score_queries.institution_for_scoring(request.actor, institution_id)
    entered = score_queries.score_of(institution_id, year)
    initial = ScoreForm.filled(entered.scores, entered.reasons) if entered else {}
    questions = ranking_questions.questions(request.now)
    known = score_queries.by_item(entered.scores, entered.reasons) if entered else {}
    stored = {question.key: known.get(question.key) for question in questions}
    form = ScoreForm(_sent(request), questions=questions, stored=stored, initial=initial)

    def enter() -> None:
        scores.enter_authority_score(
            institution_id=institution_id,
            year=year,
            scores=form.scores,
            reasons=form.reasons,
            made_from=form.cleaned_data["made_from"],
            by=request.actor,
            at=request.now,
        )

    if submit(form, enter):
        messages.success(request, _("The score of %(name)s is entered.") % {"name": scored_institution.name})
        return redirect("rankings:scores-year", year=year)
    context = {"form": form, "scored_institution": scored_institution, "year": year}
    return page(request, "rankings/score.html", context, status=422 if form.is_bound else 200)


# --- The province's runs ----------------------------------------------------------------------------


@access.requires(rules.sees_runs)
@require_safe
def run_list(request: Request) -> HttpResponse:
    """List the runs; the province counts a year from here."""
    return page(request, "rankings/runs.html", _runs(request, RunForm(years=run_queries.years_to_run(request.now))))


@access.requires(rules.runs)
@require_POST
@once
def preparation(request: Request) -> HttpResponse:
    """Count a year into a preview."""
    form = RunForm(request.POST, years=run_queries.years_to_run(request.now))
    if success := submit(form, lambda: runs.run_year(**form.cleaned_data, by=request.actor, at=request.now)):
        messages.success(request, _("Counted. A second officer looks at the preview and publishes it."))
        return redirect("rankings:run", run_id=success.result)
    return page(request, "rankings/runs.html", _runs(request, form), status=422)


def _runs(request: Request, form: RunForm) -> dict[str, Any]:
    may = rules.runs(request.actor)
    return {"table": paged(request, RunTable(run_queries.runs())), "form": form if may else None}


@access.requires(rules.sees_runs)
@require_safe
def run(request: Request, run_id: uuid.UUID) -> HttpResponse:
    """Show one run with its life and, of a preview, the way to publish it."""
    row = run_queries.run_for(run_id)
    ranking = ranking_tables.preview(row)
    context = {
        "run": row,
        "ranking": ranking,
        "table": paged(request, RankingTable(ranking.rows)),
        "history": run_queries.run_life(row),
        "mine": row.prepared_by == request.actor.account_id,
        "may": rules.runs(request.actor),
    }
    return page(request, "rankings/run.html", context)


@access.requires(rules.runs)
@require_POST
def publication(request: Request, run_id: uuid.UUID) -> HttpResponse:
    """Publish a preview as the second officer."""
    runs.publish_run(run_id=run_id, by=request.actor, at=request.now)
    messages.success(request, _("Published: the table stands and every rated institution carries its stars."))
    return redirect("rankings:year", year=run_queries.run_for(run_id).year)


@access.requires(rules.runs)
@require_POST
def discarding(request: Request, run_id: uuid.UUID) -> HttpResponse:
    """Discard a preview."""
    runs.discard_run(run_id=run_id, by=request.actor, at=request.now)
    messages.success(request, _("The preview is discarded and kept for the record."))
    return redirect("rankings:stars")


def _sent(request: Request) -> QueryDict | None:
    """Return what was posted, an empty form too; None where nothing was."""
    return request.POST if request.method == "POST" else None
