"""The policy desk: versions and drafts of a province, and what an officer does with a draft as a whole."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import access
from kernel.tables import paged
from kernel.web.forms import submit
from kernel.web.http import Request, page
from kernel.web.repeats import once

from .. import rules
from ..forms.desk import ImportForm, ReturnForm
from ..operations import drafts as draft_operations
from ..queries import drafts as lawbook_drafts
from ..queries import pages as lawbook_pages
from ..tables import DraftTable
from .files import pack_file


@access.requires(rules.reads_desk)
@require_safe
def version_list(request: Request) -> HttpResponse:
    """Show all versions of the province, and the drafts of the next one."""
    shown = lawbook_pages.desk_page(request.actor, request.now)
    table = paged(request, DraftTable(shown["drafts"]))
    return page(request, "lawbook/desk.html", shown | {"table": table})


@access.requires(rules.reads_desk)
@require_safe
def version(request: Request, version: str) -> HttpResponse:
    """Show one version with every value and its source."""
    row = lawbook_drafts.version_of(request.actor, version)
    return page(request, "lawbook/desk_version.html", lawbook_pages.version_page(row, request.now))


@access.requires(rules.reads_desk)
@require_safe
def version_file(request: Request, version: str) -> HttpResponse:
    """Give one version as a file."""
    row = lawbook_drafts.version_of(request.actor, version)
    return pack_file(lawbook_pages.text(row.version), row.version)


@access.requires(rules.drafts_packs)
@require_POST
@once
def drafts(request: Request) -> HttpResponse:
    """Begin a draft from the version in force."""
    draft_id = draft_operations.begin_draft(by=request.actor, at=request.now)
    messages.success(request, _("The draft begins as a copy of the version in force."))
    return redirect("lawbook:draft", draft_id=draft_id)


@access.requires(rules.drafts_packs)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def imports(request: Request) -> HttpResponse:
    """Begin a draft from a file."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if success := submit(
        form, lambda: draft_operations.import_draft(text=form.cleaned_data["file"], by=request.actor, at=request.now)
    ):
        messages.success(request, _("The file has become a draft."))
        return redirect("lawbook:draft", draft_id=success.result)
    status = 422 if form.is_bound else 200
    return page(request, "lawbook/desk_import.html", {"form": form}, status=status)


@access.requires(rules.reads_desk)
@require_safe
def draft(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Show a draft: where it stands, what it lacks, what it changes, whom it touches, and its life."""
    return _draft(request, draft_id, ReturnForm(), ImportForm())


def _draft(
    request: Request, draft_id: uuid.UUID, returning: ReturnForm, replacing: ImportForm, status: int = 200
) -> HttpResponse:
    context = lawbook_pages.draft_page(request.actor, draft_id, request.now)
    forms = {"return_form": returning, "import_form": replacing}
    return page(request, "lawbook/desk_draft.html", context | forms, status=status)


def replace_content(request: Request, draft_id: uuid.UUID, edition: int) -> HttpResponse:
    """Put a file in the place of a draft's content."""
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        text = form.cleaned_data["file"]
        if submit(
            form,
            lambda: draft_operations.replace_draft(
                draft_id=draft_id, edition=edition, text=text, by=request.actor, at=request.now
            ),
        ):
            messages.success(request, _("The draft now says what the file says."))
            return redirect("lawbook:draft", draft_id=draft_id)
    return _draft(request, draft_id, ReturnForm(), form, 422)


def _act(request: Request, draft_id: uuid.UUID, act: Callable[..., Any], words: str, **more: Any) -> HttpResponse:
    """Do one act with a draft; a refusal stands on the draft's page, where its reasons are."""
    try:
        act(draft_id=draft_id, by=request.actor, at=request.now, **more)
    except (
        draft_operations.DraftIncomplete,
        draft_operations.NothingChanged,
        draft_operations.StaleEdition,
    ) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("lawbook:draft", draft_id=draft_id)


def edition_of(request: Request) -> int:
    """Return the edition that the officer had before his eyes; 0, which none is, where the page says none."""
    text = request.POST.get("edition", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


@access.requires(rules.drafts_packs)
@require_POST
def submission(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Lay a draft before the second officer."""
    words = _("Submitted. The other officers of the province have been notified.")
    return _act(request, draft_id, draft_operations.submit_draft, words, edition=edition_of(request))


@access.requires(rules.drafts_packs)
@require_POST
def approval(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Make a draft the next version."""
    words = _("Approved. The version takes effect by itself on its day.")
    return _act(request, draft_id, draft_operations.approve_draft, words, edition=edition_of(request))


@access.requires(rules.drafts_packs)
@require_POST
def returning(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Give a draft back with a reason."""
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _draft(request, draft_id, form, ImportForm(), 422)
    words = _("Returned. Its authors have been notified of the reason.")
    why = form.cleaned_data["why"]
    return _act(request, draft_id, draft_operations.return_draft, words, edition=edition_of(request), why=why)


@access.requires(rules.drafts_packs)
@require_POST
def withdrawal(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Withdraw a draft."""
    why = request.POST.get("why", "").replace("\0", "")[:500]
    return _act(request, draft_id, draft_operations.withdraw_draft, _("Withdrawn. The draft is kept."), why=why)
