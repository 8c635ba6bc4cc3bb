"""The authority's way: the check list on site, the signed opinion, decisions on objections (policy part 2.1)."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import access
from kernel.clock import legal_day
from kernel.tables import paged
from kernel.web.forms import submit
from kernel.web.http import Request, page
from shared.policy.queries import packs as pack_queries

from .. import rules
from ..filters import CommitmentFilter
from ..forms.officers import ChecksForm, DecisionForm, ExistingForm, OpinionForm, UploadForm
from ..models.commitments import Commitment
from ..operations import existing, publicity, verifications
from ..operations import ministry as registry_ministry
from ..queries import commitments, sheets
from ..queries import notices as registry_notices
from ..queries import pages as registry_pages
from ..states import State
from ..tables import CommitmentTable


@access.requires(rules.visits)
@require_safe
def commitment_list(request: Request) -> HttpResponse:
    """Show every commitment submitted within the office."""
    filtered = CommitmentFilter(request.GET, queryset=commitments.submitted_commitments(request.actor))
    table = CommitmentTable(filtered.qs, at=request.now)
    paged(request, table)
    return page(request, "registry/commitments.html", {"filter": filtered, "table": table})


@access.requires(rules.visits)
@require_safe
def verification(request: Request, commitment_id: uuid.UUID) -> HttpResponse:
    """Show a commitment to its authority: what is declared and proven, the check list, the opinion to sign."""
    row = commitments.commitment_for_officer(request.actor, commitment_id)
    return page(request, "registry/verification.html", _context(request, row))


@access.requires(rules.visits)
@require_http_methods(["GET", "HEAD", "POST"])
def self_check(request: Request, commitment_id: uuid.UUID) -> HttpResponse:
    """Show the self-check of an existing institution; POST confirms that it trained before the policy."""
    row = commitments.self_check_for_officer(request.actor, commitment_id)
    choices = [(p.key, p.label) for p in pack_queries.pack(row.policy).certifiable]
    form = ExistingForm(request.POST or None, positions=choices)
    if submit(
        form,
        lambda: existing.confirm_existing(commitment_id=row.pk, **form.cleaned_data, by=request.actor, at=request.now),
    ):
        messages.success(request, _("Confirmed. It is on the list and trains on while it examines itself."))
        return redirect("registry:self-check", commitment_id=row.pk)
    may = rules.signs(request.actor, scope=row.authority_code) and row.existing_since is None
    context = vars(registry_pages.self_check(row, request.now)) | {"form": form if may else None}
    return page(request, "registry/self_check.html", context, status=422 if form.errors else 200)


def _context(
    request: Request,
    row: Commitment,
    *,
    checks: ChecksForm | None = None,
    opinion: OpinionForm | None = None,
    upload_form: UploadForm | None = None,
) -> dict[str, Any]:
    context = vars(registry_pages.overview(row, request.now, officer=True))
    forms: dict[str, Any] = {}
    waiting = row.state == State.SUBMITTED
    if waiting and rules.visits(request.actor, scope=row.authority_code):
        stored = sheets.checks_of(row, row.version)
        forms["checks"] = checks or ChecksForm(sheet=context["sheet"], version=row.version, stored=stored)
    if waiting and rules.signs(request.actor, scope=row.authority_code):
        forms["opinion"] = opinion or _opinion_form(request, row, context["sheet"])
    if row.is_uploading and rules.signs(request.actor, scope=row.authority_code):
        forms["upload_form"] = upload_form or UploadForm(today=legal_day(request.now))
    return context | forms


def _opinion_form(request: Request, row: Commitment, sheet: Any, sent: Any = None) -> OpinionForm:
    stored = sheets.checks_of(row, row.version)
    return OpinionForm(sent, version=row.version, today=legal_day(request.now), sheet=sheet, stored=stored)


@access.requires(rules.visits)
@require_POST
def checks(request: Request, commitment_id: uuid.UUID) -> HttpResponse:
    """Keep what was found on site."""
    row = commitments.commitment_for_officer(request.actor, commitment_id)
    access.demand(request.actor, rules.visits, scope=row.authority_code)  # before what is wrong in the form is told
    sheet = sheets.signed_sheet(row, row.version, officer=True)
    stored = sheets.checks_of(row, row.version)
    form = ChecksForm(request.POST, request.FILES, sheet=sheet, version=row.version, stored=stored)
    if form.is_valid():
        version = form.cleaned_data["version"]
        if submit(
            form,
            lambda: verifications.save_checks(
                commitment_id=row.pk,
                version=version,
                findings=form.findings(),
                made_from=form.cleaned_data["made_from"],
                by=request.actor,
                at=request.now,
            ),
        ):
            messages.success(request, _("What was found has been kept."))
            return redirect("registry:verification", commitment_id=row.pk)
    return page(request, "registry/verification.html", _context(request, row, checks=form), status=422)


@access.requires(rules.signs)
@require_POST
def opinion(request: Request, commitment_id: uuid.UUID) -> HttpResponse:
    """Sign the opinion."""
    row = commitments.commitment_for_officer(request.actor, commitment_id)
    access.demand(request.actor, rules.signs, scope=row.authority_code)  # before what is wrong in the form is told
    form = _opinion_form(request, row, sheets.signed_sheet(row, row.version, officer=True), request.POST)
    if submit(
        form,
        lambda: verifications.sign_verification(
            commitment_id=row.pk, **form.cleaned_data, by=request.actor, at=request.now
        ),
    ):
        messages.success(request, _("The opinion has been signed."))
        return redirect("registry:verification", commitment_id=row.pk)
    return page(request, "registry/verification.html", _context(request, row, opinion=form), status=422)


@access.requires(rules.signs)
@require_POST
def upload(request: Request, commitment_id: uuid.UUID) -> HttpResponse:
    """Record an upload that was made by hand; the institution is on the list then."""
    row = commitments.commitment_for_officer(request.actor, commitment_id)
    access.demand(request.actor, rules.signs, scope=row.authority_code)  # likewise
    form = UploadForm(request.POST, today=legal_day(request.now))
    if submit(
        form,
        lambda: registry_ministry.record_upload(
            commitment_id=row.pk, **form.cleaned_data, by=request.actor, at=request.now
        ),
    ):
        messages.success(request, _("Recorded. The institution is on the list."))
        return redirect("registry:verification", commitment_id=row.pk)
    return page(request, "registry/verification.html", _context(request, row, upload_form=form), status=422)


@access.requires(rules.visits)
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: Request, objection_id: uuid.UUID) -> HttpResponse:
    """Show an objection; POST decides it."""
    row = registry_notices.objection_for_officer(request.actor, objection_id)
    form = DecisionForm(request.POST or None)
    if submit(
        form,
        lambda: publicity.decide_objection(objection_id=row.pk, **form.cleaned_data, by=request.actor, at=request.now),
    ):
        messages.success(request, _("The decision has been published."))
        return redirect("registry:verification", commitment_id=row.notice.commitment_id)
    may = rules.signs(request.actor, scope=row.notice.commitment.authority_code) and row.state == "open"
    context = {"row": row, "notice": row.notice, "commitment": row.notice.commitment, "form": form if may else None}
    return page(request, "registry/objection.html", context, status=422 if form.errors else 200)
