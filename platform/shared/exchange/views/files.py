"""Files of the existing platforms: brought in, looked through, taken over, dropped; and files that go out."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kernel import access
from kernel.errors import Refusal
from kernel.http import Request, page

from .. import documents, operations, queries, rules
from ..forms import FileForm, TakeForm
from ..states import COMMITMENTS, EDUCATION, SYSTEMS, Loading


@access.requires(rules.operates)
@require_http_methods(["GET", "POST"])
def file_list(request: Request) -> HttpResponse:
    """List the files that came in; POST brings one."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_bound and form.is_valid():
        try:
            given = form.cleaned_data
            row = operations.bring_file(kind=given["kind"], content=given["file"], by=request.actor, at=request.now)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else "file", str(refusal))
        else:
            return redirect("exchange:file", upload_id=row.pk)
    shown = {"form": form, "uploads": queries.uploads()[:50], "ours": [SYSTEMS[COMMITMENTS], SYSTEMS[EDUCATION]]}
    shown["forms"] = list(documents.TYPES)
    return page(request, "exchange/files.html", shown, status=422 if form.errors else 200)


@access.requires(rules.operates)
@require_GET
def file(request: Request, upload_id: uuid.UUID) -> HttpResponse:
    """Show what taking a file over would do."""
    return page(request, "exchange/file.html", _file(upload_id))


def _file(upload_id: uuid.UUID) -> dict[str, Any]:
    row = queries.upload(upload_id)
    shown = queries.preview(row)
    waits = row.state == Loading.PREVIEWED
    form = TakeForm(faulty=shown.counts.get("faulty", 0)) if waits else None
    return {"row": row, "preview": shown, "form": form}


@access.requires(rules.operates)
@require_POST
def take(request: Request, upload_id: uuid.UUID) -> HttpResponse:
    """Take a file over."""
    leave_out = request.POST.get("without_faulty") == "on"
    try:
        told = operations.take_file(upload_id=upload_id, without_faulty=leave_out, by=request.actor, at=request.now)
    except operations.Faulty as refusal:
        messages.error(request, str(refusal))
        return redirect("exchange:file", upload_id=upload_id)
    words = _("Taken over: %(new)s new, %(changed)s changed, %(same)s the same, %(left_out)s left out.")
    counts = {name: told.get(name, 0) for name in ("new", "changed", "same", "left_out")}
    messages.success(request, words % counts)
    return redirect("exchange:file", upload_id=upload_id)


@access.requires(rules.operates)
@require_POST
def drop(request: Request, upload_id: uuid.UUID) -> HttpResponse:
    """Drop a file."""
    operations.drop_file(upload_id=upload_id, by=request.actor, at=request.now)
    messages.success(request, _("Dropped; nothing was taken over."))
    return redirect("exchange:file-list")


@access.requires(rules.operates)
@require_GET
def report(request: Request, upload_id: uuid.UUID) -> HttpResponse:
    """Hand the file back with a column that says what is wrong."""
    return _sent(queries.fault_report(queries.upload(upload_id)), "xlsx", f"faults-{upload_id}.xlsx")


@access.requires(rules.operates)
@require_GET
def export(request: Request, kind: str, form: str) -> HttpResponse:
    """Hand out everything of a kind as a file."""
    return _sent(queries.export(kind, form, request.now), form, f"{kind}.{form}")


def _sent(raw: bytes, form: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": str(content_disposition_header(True, name)), "Cache-Control": "no-store"}
    return HttpResponse(raw, content_type=documents.TYPES[form], headers=headers)
