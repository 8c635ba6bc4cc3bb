"""“My privacy”: what is held, consents, copies, corrections, closing, who looked."""

import uuid

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import access, clock
from kernel.errors import Refusal
from kernel.tables import paged
from kernel.web.forms import submit
from kernel.web.http import Request, known_act, page
from kernel.web.repeats import once
from shared.identity.operations import consents as identity_consents
from shared.identity.queries import accounts as account_queries
from shared.identity.queries import consents as identity_consent_queries
from shared.identity.queries import places

from .. import forms, tables
from ..operations import closings, copies, erasing
from ..operations import corrections as privacy_corrections
from ..queries import consents as privacy_consents
from ..queries import rights, subject_data


@access.signed_in
@never_cache
@require_safe
def home(request: Request) -> HttpResponse:
    """Show everything held about the person in the shared part, masked, with purpose and time; and the ways on."""
    account_id = account_queries.own_id(request.actor)
    context = {
        "held": subject_data.subject_rows(
            account_id=account_id,
            person_id=request.actor.person_id,
            whole=False,
            side=subject_data.current_side(),
            at=request.now,
        ),
        "places": places.places_of(request.actor),
        "accepted": identity_consent_queries.accepted_notice(account_id),
    }
    return page(request, "privacy/mine.html", context)


@access.signed_in
@never_cache
@require_safe
def reveals(request: Request) -> HttpResponse:
    """Show who looked at the person's whole document number, and why."""
    person_id = request.actor.person_id
    rows = subject_data.reveals(person_id=person_id) if person_id else []
    return page(request, "privacy/reveals.html", {"table": paged(request, tables.OwnRevealTable(rows))})


@access.signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: Request) -> HttpResponseBase:
    """Show each consent with its other way; POST gives one."""
    form = forms.RecipientForm(request.POST if request.POST.get("kind") == "passing_on" else None)
    kind = request.POST.get("kind", "")
    if kind and (kind != "passing_on" or form.is_valid()):
        recipient = form.cleaned_data["recipient"] if form.is_bound else ""
        try:
            identity_consents.give_consent(
                kind=kind,
                account_id=account_queries.own_id(request.actor),
                recipient=recipient,
                version=request.POST.get("version", ""),
                by=request.actor,
                at=request.now,
            )
        except Refusal as refusal:
            form.refuse(refusal) if form.is_bound else messages.error(request, str(refusal))
        else:
            messages.success(request, _("Your consent is kept. You may take it back here at any time."))
            return redirect("privacy:consents")
    context = {
        "kinds": privacy_consents.consent_kinds(account_queries.own_id(request.actor), request.now),
        "form": form,
    }
    return page(request, "privacy/consents.html", context, status=422 if form.errors else 200)


@access.signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal(request: Request, consent_id: uuid.UUID) -> HttpResponseBase:
    """Say what happens when a consent is taken back; POST takes it back."""
    consent = privacy_consents.own_consent(request.actor, consent_id)
    if request.method == "POST":
        erasing.withdraw(consent_id=consent_id, by=request.actor, at=request.now)
        messages.success(request, _("Taken back, at once. What rested on it is being deleted."))
        return redirect("privacy:consents")
    text = identity_consent_queries.text(consent.kind, consent.version)
    return page(request, "privacy/withdrawal.html", {"consent": consent, "text": text})


@access.signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copy_list(request: Request) -> HttpResponseBase:
    """List one's copies; POST asks for one."""
    if request.method == "POST":
        try:
            copies.ask_copy(by=request.actor, at=request.now)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Your copy is being collected. You are notified when it is ready."))
        return redirect("privacy:copies")
    return page(request, "privacy/copies.html", {"copies": rights.copies(request.actor)})


def _may_try(request: Request, form: forms.ReauthenticationForm) -> bool:
    """Say whether this account may try another password now; said at the form where not."""
    if ratelimit.consume(request, action="reauthenticate", user=request.user):
        return True
    form.add_error(None, _("Too many attempts. Please wait a few minutes and try again."))
    return False


@access.signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: Request, copy_id: uuid.UUID) -> HttpResponseBase:
    """Ask again who is there, then lead on to a link that works once."""
    form = forms.ReauthenticationForm(request.POST or None)

    def make_link() -> str:
        password = form.cleaned_data["password"]
        return copies.make_link(
            copy_id=copy_id, password=password, host=request.host, by=request.actor, at=clock.real_now()
        )

    if form.is_valid() and _may_try(request, form) and (success := submit(form, make_link)):
        return redirect("privacy:copy-file", token=success.result)
    context = {"form": form, "copy": rights.copy_of(copy_id, request.actor)}
    return page(request, "privacy/link.html", context, status=422 if form.errors else 200)


@access.signed_in
@never_cache
@require_safe
def copy_file(request: Request, token: str) -> HttpResponse:
    """Send the copy behind a link, once."""
    name, content = copies.fetch(
        token=token, host=request.host, by=request.actor, at=request.now, real=clock.real_now()
    )
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@access.signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@once
def correction_list(request: Request) -> HttpResponseBase:
    """List one's requests for correction; POST makes one."""
    form = forms.CorrectionForm(
        request.POST or None, request.FILES or None, desks=rights.desks_of(request.actor), initial={"field": "name"}
    )
    if form.is_valid():
        data = dict(form.cleaned_data)
        if success := submit(
            form,
            lambda: privacy_corrections.ask_correction(
                institution_id=data.pop("desk"), by=request.actor, at=request.now, **data
            ),
        ):
            messages.success(request, _("Asked, under the number %(number)s.") % {"number": success.result})
            return redirect("privacy:corrections")
    context = {"form": form, "corrections": rights.corrections_of(request.actor)[:50]}
    return page(request, "privacy/corrections.html", context, status=422 if form.errors else 200)


@access.signed_in
@require_POST
def take_back(request: Request, correction_id: uuid.UUID) -> HttpResponse:
    """Take back one's own request."""
    privacy_corrections.take_back_correction(correction_id=correction_id, by=request.actor, at=request.now)
    return redirect("privacy:corrections")


@access.signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: Request) -> HttpResponseBase:
    """Show what is open, what the law keeps and until when; POST asks, keeps the account, or closes it for good."""
    known_act(request, "ask", "keep", "close")
    form = forms.ReauthenticationForm(request.POST if request.POST.get("act") == "close" else None)
    try:
        match request.POST.get("act"):
            case "ask":
                closings.ask_closing(by=request.actor, at=request.now)
                return redirect("privacy:closing")
            case "keep":
                closings.take_back_closing(by=request.actor, at=request.now)
                return redirect("privacy:closing")
            case "close" if form.is_valid() and _may_try(request, form):
                closings.close(password=form.cleaned_data["password"], by=request.actor, at=request.now)
                return redirect("privacy:closed")
    except Refusal as refusal:
        form.refuse(refusal) if form.is_bound else messages.error(request, str(refusal))
    row = rights.closing_of(request.actor)
    context = {"closing": row, "answers": rights.answers(row) if row else None, "form": form}
    return page(request, "privacy/closing.html", context, status=422 if form.errors else 200)


@access.public
@require_safe
def closed(request: Request) -> HttpResponse:
    """Say that the account is closed."""
    return page(request, "privacy/closed.html", {})
