"""A draft as it is written: section by section, or as a file."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import access
from kernel.errors import Refusal
from kernel.web.http import Request, page

from .. import rules
from ..forms import sections
from ..operations import drafts as draft_operations
from ..queries import drafts as lawbook_drafts
from ..queries import pages as lawbook_pages
from .desk import edition_of, replace_content
from .files import pack_file


@access.requires(rules.reads_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_section(request: Request, draft_id: uuid.UUID, name: str) -> HttpResponse:
    """Show a section of a draft; POST saves it, whatever is still missing."""
    if request.method == "POST":
        return _save(request, draft_id, name)
    return page(
        request, "lawbook/desk_section.html", lawbook_pages.section_page(request.actor, draft_id, name, request.now)
    )


def _save(request: Request, draft_id: uuid.UUID, name: str) -> HttpResponse:
    row = lawbook_drafts.draft(request.actor, draft_id)
    spec = lawbook_drafts.section(name)
    node = sections.section_of(spec, request.POST, row.body)
    act = sections.act_of(request.POST)
    if act is not None:
        node = sections.apply_act(node, act)
    edition = edition_of(request)
    try:
        new_edition = draft_operations.save_section(
            draft_id=draft_id, edition=edition, section=name, node=node, by=request.actor, at=request.now
        )
    except (draft_operations.StaleEdition, draft_operations.DraftTooLong) as refusal:
        return _refused(request, draft_id, name, node, edition, refusal)
    if act is None:
        messages.success(request, _("Saved.") if new_edition != edition else _("Nothing was changed."))
    anchor = f"#at-{act.path or name}" if act else ""
    return redirect(reverse("lawbook:draft-section", args=[draft_id, name]) + anchor)


def _refused(
    request: Request, draft_id: uuid.UUID, name: str, node: dict[str, object], edition: int, refusal: Refusal
) -> HttpResponse:
    """Show the section as it was typed, with what somebody else saved meanwhile."""
    context = lawbook_pages.section_page(request.actor, draft_id, name, request.now, typed=node, edition=edition)
    row = context["draft"]
    since = lawbook_drafts.changes_since(row, edition) if isinstance(refusal, draft_operations.StaleEdition) else []
    return page(
        request, "lawbook/desk_section.html", context | {"refusal": refusal, "since": since}, status=refusal.status
    )


@access.requires(rules.reads_desk)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_file(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Give a draft as a file; POST puts a file in its place."""
    if request.method == "POST":
        return replace_content(request, draft_id, edition_of(request))
    row = lawbook_drafts.draft(request.actor, draft_id)
    return pack_file(lawbook_pages.draft_text(row), f"{row.jurisdiction}-draft-{row.edition}")
