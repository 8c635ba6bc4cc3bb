"""Hosting pages of the operator: institutions' schemas, their status, and the acts of their lifecycle."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kernel import access
from kernel.errors import Refusal
from kernel.tables import paged
from kernel.web.http import Request, page
from kernel.web.repeats import once
from shared.institutions.operations import lifecycle
from shared.institutions.states import LIFECYCLE

from . import queries, rules
from .forms import ReasonForm
from .operations import archives as hosting_archives
from .operations import deletions
from .tables import HostingTable


@access.requires(rules.operates)
@require_safe
def hosting(request: Request) -> HttpResponse:
    """Show the pool of spare schemas, the last migration of all, and every institution with its schema."""
    table = HostingTable(queries.hosted_institutions())
    paged(request, table)
    run = queries.last_run()
    context = {"table": table, "pool": queries.pool(request.now), "run": run, "ends": queries.ends_of(run)}
    return page(request, "hosting/hosting.html", context)


@access.requires(rules.operates)
@require_safe
def hosting_detail(request: Request, institution_id: uuid.UUID) -> HttpResponse:
    """Show one institution's schema, its files, its copies, and what may be done next."""
    return _page(request, institution_id, ReasonForm(), status=200)


def _page(request: Request, institution_id: uuid.UUID, form: ReasonForm, *, status: int) -> HttpResponse:
    detail = queries.hosting_detail(institution_id, request.now)
    offers = LIFECYCLE.offers(detail.institution, request.actor)
    context = {"detail": detail, "offers": offers, "form": form}
    return page(request, "hosting/hosting_detail.html", context, status=status)


@access.requires(rules.operates)
@require_POST
@once
def archive(request: Request, institution_id: uuid.UUID) -> HttpResponse:
    """Ask for a file of an institution's data."""
    hosting_archives.ask_archive(institution_id=institution_id, by=request.actor, at=request.now)
    messages.success(request, _("The file is being taken. Reload the page in a minute."))
    return redirect("hosting:detail", institution_id=institution_id)


def _reason_view(verb: Callable[..., Any], message: str | Promise) -> Callable[..., HttpResponse]:
    """Return a view that does `verb` with the reason given, or shows the page again with what stands in its way."""

    def view(request: Request, institution_id: uuid.UUID, **also: Any) -> HttpResponse:
        form = ReasonForm(request.POST)
        if form.is_valid():
            try:
                verb(institution_id=institution_id, **also, **form.cleaned_data, by=request.actor, at=request.now)
            except Refusal as refusal:
                if refusal.status in (401, 403, 404):
                    raise
                form.add_error("reason" if refusal.field == "reason" else None, str(refusal))
            else:
                messages.success(request, str(message))
                return redirect("hosting:detail", institution_id=institution_id)
        return _page(request, institution_id, form, status=422)

    return access.requires(rules.operates)(require_POST(view))


retirement = _reason_view(lifecycle.retire, gettext_lazy("The institution is retired. Its records can be read only."))
reopening = _reason_view(lifecycle.reopen, gettext_lazy("The institution is at work again."))
deletion = _reason_view(deletions.ask_deletion, gettext_lazy("The deletion is asked for. Another operator decides."))
copy_place = _reason_view(
    hosting_archives.swap_copy, gettext_lazy("The copy and the institution's data changed places.")
)


@access.requires(rules.operates)
@require_POST
def withdrawal(request: Request, institution_id: uuid.UUID) -> HttpResponse:
    """Withdraw a deletion that was asked for."""
    deletions.withdraw_deletion(institution_id=institution_id, by=request.actor, at=request.now)
    messages.success(request, _("The deletion is withdrawn."))
    return redirect("hosting:detail", institution_id=institution_id)


@access.requires(rules.operates)
@require_POST
def approval(request: Request, institution_id: uuid.UUID) -> HttpResponse:
    """Approve a deletion that another operator asked for."""
    deletions.approve_deletion(institution_id=institution_id, by=request.actor, at=request.now)
    messages.success(request, _("The institution's data is deleted. What it reported to the platform stays."))
    return redirect("hosting:detail", institution_id=institution_id)


@access.requires(rules.operates)
@require_POST
def copy_removal(request: Request, institution_id: uuid.UUID, copy_id: int) -> HttpResponse:
    """Take a restored copy away."""
    hosting_archives.drop_copy(copy_id=copy_id, by=request.actor, at=request.now)
    messages.success(request, _("The copy is gone."))
    return redirect("hosting:detail", institution_id=institution_id)
