"""The institution's way: register, fill in, prove, sign, follow (policy part 2.1)."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import access
from kernel.web.forms import submit
from kernel.web.http import Request, page
from kernel.web.repeats import once
from shared.policy.queries import packs as pack_queries

from .. import rules
from ..forms.applicants import ApplyForm, CommitmentForm, EvidenceForm, SignForm, WithdrawForm
from ..operations import drafts as registry_drafts
from ..operations import signing
from ..queries import commitments, sheets
from ..queries import pages as registry_pages
from ..queries import todos as registry_todos


@access.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def apply(request: Request) -> HttpResponse:
    """Register an organisation; whoever does it becomes its principal and goes on with the commitment form."""
    form = ApplyForm(request.POST or None, at=request.now)
    if success := submit(form, lambda: registry_drafts.apply(**form.cleaned_data, by=request.actor, at=request.now)):
        messages.success(request, _("Registered. Now fill in the commitment; you can save and come back."))
        return redirect("registry:commitment", commitment_id=success.result.pk)
    return page(request, "registry/apply.html", {"form": form}, status=422 if form.errors else 200)


@access.requires(rules.applies)
@require_safe
def mine(request: Request) -> HttpResponse:
    """Show the commitments of the organisations one speaks for."""
    rows = commitments.commitments_of(request.actor)
    todos = list(registry_todos.for_principal(request.actor, request.now))
    return page(request, "registry/mine.html", {"rows": rows, "todos": todos})


@access.requires(rules.applies)
@require_safe
def commitment(request: Request, commitment_id: uuid.UUID) -> HttpResponse:
    """Show where a commitment stands, what it says, and what comes next."""
    row = commitments.commitment_for_principal(request.actor, commitment_id)
    context = vars(registry_pages.overview(row, request.now))
    return page(request, "registry/commitment.html", context | {"withdraw_form": WithdrawForm()})


@access.requires(rules.applies)
@require_http_methods(["GET", "HEAD", "POST"])
def lines(request: Request, commitment_id: uuid.UUID) -> HttpResponse:
    """Show the commitment form; POST saves what is there."""
    row = commitments.commitment_for_principal(request.actor, commitment_id)
    pack = pack_queries.pack(row.policy)
    form = CommitmentForm(request.POST or None, pack=pack, values=sheets.values_of(row), selected=row.positions)
    if submit(
        form,
        lambda: registry_drafts.save_draft(
            commitment_id=row.pk,
            values=form.values(),
            positions=form.cleaned_data["positions"],
            made_from=form.cleaned_data["made_from"],
            by=request.actor,
            at=request.now,
        ),
        prefix="line-",
    ):
        messages.success(request, _("Saved."))
        onward = "registry:evidence" if "onward" in request.POST else "registry:lines"
        return redirect(onward, commitment_id=row.pk)
    context = {"row": row, "form": form, "pack": pack, "editable": commitments.editable(row)}
    return page(request, "registry/lines.html", context, status=422 if form.errors else 200)


@access.requires(rules.applies)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def evidence(request: Request, commitment_id: uuid.UUID) -> HttpResponse:
    """Show the files that prove the lines; POST adds one."""
    row = commitments.commitment_for_principal(request.actor, commitment_id)
    form = EvidenceForm(request.POST or None, request.FILES or None, pack=pack_queries.pack(row.policy))
    if form.is_valid():
        file = form.cleaned_data["file"]
        key = form.cleaned_data["key"]
        if submit(
            form,
            lambda: registry_drafts.add_evidence(
                commitment_id=row.pk, key=key, file=file, name=file.name, by=request.actor, at=request.now
            ),
        ):
            messages.success(request, _("The file has been kept."))
            return redirect("registry:evidence", commitment_id=row.pk)
    context = {"row": row, "form": form, "sheet": sheets.sheet(row), "editable": commitments.editable(row)}
    return page(request, "registry/evidence.html", context, status=422 if form.errors else 200)


@access.requires(rules.applies)
@require_POST
def removal(request: Request, commitment_id: uuid.UUID, evidence_id: uuid.UUID) -> HttpResponse:
    """Take a file out of the draft."""
    registry_drafts.remove_evidence(
        commitment_id=commitment_id, evidence_id=evidence_id, by=request.actor, at=request.now
    )
    messages.success(request, _("The file has been taken out."))
    return redirect("registry:evidence", commitment_id=commitment_id)


@access.requires(rules.applies)
@require_http_methods(["GET", "HEAD", "POST"])
def submission(request: Request, commitment_id: uuid.UUID) -> HttpResponse:
    """Show the commitment's text; POST signs and submits it."""
    row = commitments.commitment_for_principal(request.actor, commitment_id)
    pack = pack_queries.pack(row.policy)
    form = SignForm(request.POST or None, pack=pack, stored=sheets.declared_of(row))
    if submit(
        form, lambda: signing.submit(commitment_id=row.pk, **form.cleaned_data, by=request.actor, at=request.now)
    ):
        messages.success(request, _("Signed and submitted. The authority now has its working days to verify."))
        return redirect("registry:commitment", commitment_id=row.pk)
    context = {"row": row, "form": form, "pack": pack, "sheet": sheets.sheet(row)}
    context |= {"positions": sheets.position_names(row), "editable": commitments.editable(row)}
    return page(request, "registry/submission.html", context, status=422 if form.errors else 200)


@access.requires(rules.applies)
@require_POST
def withdrawal(request: Request, commitment_id: uuid.UUID) -> HttpResponse:
    """Take a commitment back."""
    form = WithdrawForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    signing.withdraw(commitment_id=commitment_id, why=why, by=request.actor, at=request.now)
    messages.success(request, _("The commitment has been withdrawn."))
    return redirect("registry:mine")


@access.requires(rules.applies)
@require_POST
def begin(request: Request, organisation_id: uuid.UUID) -> HttpResponse:
    """Begin a new commitment after one was withdrawn."""
    row = registry_drafts.open_commitment(organisation_id=organisation_id, by=request.actor, at=request.now)
    return redirect("registry:commitment", commitment_id=row.pk)
