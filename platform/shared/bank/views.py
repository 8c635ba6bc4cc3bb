"""Pages of the bank for the province: positions with whole papers, what the others lack, and questions coming in."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import access
from kernel.spreadsheets import XLSX
from kernel.tables import paged
from kernel.web.forms import submit
from kernel.web.http import Request, known_act, page
from shared.policy.queries import packs as pack_queries

from . import operations, queries, rules
from .forms import QuestionsForm
from .methods import question_sheet
from .tables import BlockTable, FaultTable, FeasibilityTable, ImportedItemTable, KindTable

MOST_FAULTS = 200  # on the page; whoever has more begins with these


@access.requires(rules.looks_into)
@require_safe
def positions(request: Request) -> HttpResponse:
    """List every certified position with the papers that its items make."""
    pack = pack_queries.pack_at(request.now)
    names = {position.key: position.label for position in pack.certifiable}
    table = FeasibilityTable(queries.feasibilities(pack=pack), names=names)
    return page(
        request,
        "bank/positions.html",
        {"table": table, "demo": queries.holds_demo(), "may_import": rules.imports(request.actor)},
    )


@access.requires(rules.looks_into)
@require_safe
def position(request: Request, key: str) -> HttpResponse:
    """Show what there is for one position, kind by kind and block by block, and what is missing."""
    pack = pack_queries.pack_at(request.now)
    report = queries.feasibility_of(key, pack=pack)
    context = {
        "position": pack.position(key).label,
        "report": report,
        "kinds": KindTable(report.kinds),
        "blocks": BlockTable(report.blocks),
        "demo": queries.holds_demo(),
    }
    return page(request, "bank/position.html", context)


@access.requires(rules.imports)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: Request) -> HttpResponse:
    """Take a file of questions and look it through."""
    form = QuestionsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        stored = submit(
            form,
            lambda: operations.upload_questions(content=form.cleaned_data["file"], by=request.actor, at=request.now),
        )
        if stored is not None:
            return redirect("bank:import", file_id=stored.result)
    context = {"form": form, "case_parts": question_sheet.kind_names(queries.case_parts(request.now))}
    return page(request, "bank/imports.html", context, status=422 if form.errors else 200)


@access.requires(rules.imports)
@require_safe
def template(request: Request) -> HttpResponse:
    """Hand out the template."""
    name = "questions.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    raw = question_sheet.template(queries.positions(request.now), queries.case_parts(request.now))
    return HttpResponse(raw, content_type=XLSX, headers=headers)


@access.requires(rules.imports)
@require_http_methods(["GET", "HEAD", "POST"])
def import_(request: Request, file_id: uuid.UUID) -> HttpResponse:
    """Show what a file would bring, with every fault; POST takes it in or drops it."""
    known_act(request, "import", "drop")
    if request.POST.get("act") == "drop":
        operations.drop_questions(file_id=file_id, by=request.actor, at=request.now)
        messages.success(request, _("Dropped; nothing was taken in."))
        return redirect("bank:imports")
    if request.method == "POST":
        result = operations.import_questions(file_id=file_id, by=request.actor, at=request.now)
        message = _("Taken in: %(created)s new, %(revised)s in a new version; %(unchanged)s were known as they are.")
        counts = {"created": result.created, "revised": result.revised, "unchanged": result.unchanged}
        messages.success(request, message % counts)
        return redirect("bank:positions")
    file = queries.question_file(queries.stored_questions(file_id), at=request.now)
    outcomes = queries.outcomes(file)
    taken = list(outcomes.values()).count("taken")
    context = {
        "file_id": file_id,
        "counts": {name: list(outcomes.values()).count(name) for name in ("new", "revised", "same", "taken")},
        "ready": not file.faults and not taken,
        "faults": FaultTable(file.faults[:MOST_FAULTS]) if file.faults else None,
        "count": len(file.faults),
        "items": paged(request, ImportedItemTable(file, outcomes, queries.positions(request.now))),
    }
    return page(request, "bank/import.html", context)
