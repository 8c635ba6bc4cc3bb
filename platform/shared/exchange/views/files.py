"""Pages of the existing platforms' files: upload, preview, import, discard; and files that go out."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import access
from kernel.errors import Refusal
from kernel.tables import paged
from kernel.web.http import Request, page
from kernel.web.repeats import once

from .. import documents, rules, tables
from ..forms import FileForm, ImportForm
from ..operations import files as exchange_files
from ..queries import files as exchange_file_queries
from ..queries import import_files
from ..states import SYSTEMS, ImportState


@access.requires(rules.operates)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def file_list(request: Request) -> HttpResponse:
    """List the files that came in; POST brings one."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_bound and form.is_valid():
        try:
            data = form.cleaned_data
            row = exchange_files.upload_file(kind=data["kind"], content=data["file"], by=request.actor, at=request.now)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else "file", str(refusal))
        else:
            return redirect("exchange:file", import_id=row.pk)
    context = {
        "form": form,
        "table": paged(request, tables.UploadTable(import_files.import_files())),
        "kinds": [(key, kind, SYSTEMS[kind.system]) for key, kind in exchange_file_queries.all_file_kinds().items()],
    }
    context["forms"] = list(documents.TYPES)
    return page(request, "exchange/files.html", context, status=422 if form.errors else 200)


@access.requires(rules.operates)
@require_safe
def file(request: Request, import_id: uuid.UUID) -> HttpResponse:
    """Show what taking a file over would do."""
    return page(request, "exchange/file.html", _file(request, import_id))


def _file(request: Request, import_id: uuid.UUID) -> dict[str, Any]:
    row = import_files.import_file(import_id)
    preview = exchange_file_queries.preview(row)
    waiting = row.state == ImportState.PREVIEWED
    form = ImportForm(faulty=preview.counts.get("faulty", 0)) if waiting else None
    table = paged(request, tables.FileRowTable(preview.lines))
    return {
        "row": row,
        "label": exchange_file_queries.file_kind(row.kind).label,
        "preview": preview,
        "table": table,
        "form": form,
    }


@access.requires(rules.operates)
@require_POST
def import_(request: Request, import_id: uuid.UUID) -> HttpResponse:
    """Take a file over."""
    leave_out = request.POST.get("without_faulty") == "on"
    try:
        counts = exchange_files.import_file(
            import_id=import_id, without_faulty=leave_out, by=request.actor, at=request.now
        )
    except exchange_files.FaultyRows as refusal:
        messages.error(request, str(refusal))
        return redirect("exchange:file", import_id=import_id)
    message = _("Taken over: %(new)s new, %(changed)s changed, %(same)s the same, %(left_out)s left out.")
    shown_counts = {name: counts.get(name, 0) for name in ("new", "changed", "same", "left_out")}
    messages.success(request, message % shown_counts)
    return redirect("exchange:file", import_id=import_id)


@access.requires(rules.operates)
@require_POST
def discard(request: Request, import_id: uuid.UUID) -> HttpResponse:
    """Drop a file."""
    exchange_files.discard_file(import_id=import_id, by=request.actor, at=request.now)
    messages.success(request, _("Dropped; nothing was taken over."))
    return redirect("exchange:file-list")


@access.requires(rules.operates)
@require_safe
def report(request: Request, import_id: uuid.UUID) -> HttpResponse:
    """Hand the file back with a column that says what is wrong."""
    return _download(
        exchange_file_queries.fault_report(import_files.import_file(import_id)),
        "xlsx",
        f"faults-{import_id}.xlsx",
    )


@access.requires(rules.operates)
@require_safe
def export(request: Request, kind: str, form: str) -> HttpResponse:
    """Hand out everything of a kind as a file."""
    return _download(exchange_file_queries.export(kind, form, request.now), form, f"{kind}.{form}")


def _download(raw: bytes, form: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": str(content_disposition_header(True, name)), "Cache-Control": "no-store"}
    return HttpResponse(raw, content_type=documents.TYPES[form], headers=headers)
