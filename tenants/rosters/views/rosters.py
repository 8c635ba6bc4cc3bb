"""Files of people to be enrolled: brought, looked through, enrolled, given back with words."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import access
from kernel.clock import legal_day
from kernel.spreadsheets import XLSX
from kernel.tables import paged
from kernel.web.forms import submit
from kernel.web.http import Request, page
from kernel.web.repeats import once
from shared.policy.queries import packs as pack_queries
from tenants.courses.queries import catalogue

from .. import rules
from ..forms import RosterForm, TakeForm
from ..methods import sheet
from ..operations import rosters as roster_operations
from ..queries import rosters as roster_queries
from ..states import Outcome, RosterState
from ..tables import PreviewTable, RosterLineTable, RosterTable


@access.requires(rules.desk)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def roster_list(request: Request) -> HttpResponse:
    """List the files that were brought; POST brings one."""
    classes = catalogue.enrolling_classes(legal_day(request.now))
    form = RosterForm(request.POST or None, request.FILES or None, classes=classes)
    if success := submit(
        form,
        lambda: roster_operations.upload_roster(
            class_id=uuid.UUID(form.cleaned_data["training_class"]),
            content=form.cleaned_data["file"],
            by=request.actor,
            at=request.now,
        ),
    ):
        return redirect("rosters:roster", roster_id=success.result.pk)
    table = RosterTable(roster_queries.rosters())
    paged(request, table)
    context = {"form": form, "classes": classes, "table": table}
    return page(request, "rosters/rosters.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.desk)
@require_safe
def template(request: Request) -> HttpResponse:
    """Hand out the empty sheet of the policy in force."""
    return _file(sheet.template(pack_queries.pack_at(request.now)), _("roster template"))


@access.requires(rules.desk)
@require_safe
def roster(request: Request, roster_id: uuid.UUID) -> HttpResponse:
    """Show a file: what enrolling it would do, how far it is, or what became of its rows."""
    return _roster(request, roster_id, TakeForm())


def _roster(request: Request, roster_id: uuid.UUID, form: TakeForm) -> HttpResponse:
    row = roster_queries.roster(roster_id)
    context: dict[str, Any] = {"row": row, "form": form, "running": row.state == RosterState.TAKING}
    if row.state == RosterState.PREVIEWED:
        preview = roster_queries.preview(row, request.now)
        context |= {"preview": preview, "table": paged(request, PreviewTable(preview.rows))}
    else:
        table = RosterLineTable(roster_queries.lines(row))
        paged(request, table)
        counts = roster_queries.counts(row)
        context |= {"table": table, "counts": [(outcome.label, counts[outcome]) for outcome in Outcome]}
    return page(request, "rosters/roster.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.desk)
@require_POST
def take(request: Request, roster_id: uuid.UUID) -> HttpResponse:
    """Let the rows be enrolled."""
    form = TakeForm(request.POST)
    if submit(
        form,
        lambda: roster_operations.take_roster(
            roster_id=roster_id,
            signed=form.cleaned_data["signed"],
            leave_out=form.cleaned_data["leave_out"],
            by=request.actor,
            at=request.now,
        ),
        shown=roster_queries.roster(roster_id).state == RosterState.PREVIEWED,
    ):
        return redirect("rosters:roster", roster_id=roster_id)
    return _roster(request, roster_id, form)


@access.requires(rules.desk)
@require_POST
def drop(request: Request, roster_id: uuid.UUID) -> HttpResponse:
    """Drop a file; nobody is enrolled."""
    roster_operations.drop_roster(roster_id=roster_id, by=request.actor, at=request.now)
    messages.success(request, _("Dropped; nobody was enrolled."))
    return redirect("rosters:rosters")


@access.requires(rules.desk)
@require_safe
def report(request: Request, roster_id: uuid.UUID) -> HttpResponse:
    """Give the file back with a column of words."""
    row = roster_queries.roster(roster_id)
    return _file(roster_queries.report(row, request.now), _("roster results"))


def _file(raw: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": str(content_disposition_header(True, f"{name}.xlsx"))}
    return HttpResponse(raw, content_type=XLSX, headers=headers)
