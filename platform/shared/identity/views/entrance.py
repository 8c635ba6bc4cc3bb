"""Sign-in at the platform's host: sign in, second factor, on to an institution's host, invitation, landing."""

import uuid

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kernel import access, clock
from kernel.access import SECOND_FACTOR
from kernel.http import Request, page

from .. import forms, methods, operations, queries
from ..models import Account
from ..states import ConsentKind

HOME = "/account/home/"


@access.public
@never_cache
def sign_in(request: Request) -> HttpResponseBase:
    """Lead to what is missing: the password, an authenticator, or its code; then on to `next`."""
    actor, path = request.actor, methods.local_path(request.GET.get("next"), HOME)
    if not actor.is_authenticated:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
    if not request.GET.get("second") or actor.level >= SECOND_FACTOR:
        return redirect(path)
    if queries.has_second_factor(queries.own_id(actor)):
        passkey = queries.has_passkey_only(queries.own_id(actor))
        asking = reverse("mfa_reauthenticate_webauthn" if passkey else "mfa_reauthenticate")
        return redirect(f"{asking}?{urlencode({'next': path})}")
    request.session["wanted"] = path
    return redirect("mfa_activate_totp")


@access.signed_in
@never_cache
def sso_ticket(request: Request) -> HttpResponseBase:
    """Send a signed-in person back to the institution's host from which they came, with a ticket."""
    if request.GET.get("second") and request.actor.level < SECOND_FACTOR:
        return redirect("/sign-in/?" + urlencode({"second": "1", "next": request.get_full_path()}))
    address = operations.issue_sso_ticket(
        host=request.GET.get("host", ""),
        nonce_hash=request.GET.get("nonce", ""),
        path=request.GET.get("next", "/"),
        sign_in=request.session.get("sign_in", ""),
        by=request.actor,
        at=clock.real_now(),
    )
    if request.GET.get("host", "").endswith(f".{settings.NUOXING_HOST}"):
        return redirect(address)
    # A redirect after a form may not leave for an institution's own domain (CSP form-action); a page may.
    return page(request, "identity/sso_ticket.html", {"address": address, "host": request.GET["host"]})


@access.signed_in
@never_cache
def home(request: Request) -> HttpResponseBase:
    """Lead each role to its first place; show the others what waits for them and where they learn."""
    actor = request.actor
    if destination := request.session.pop("wanted", None):
        return redirect(destination)
    if actor.grants and actor.level < SECOND_FACTOR:
        return redirect("/sign-in/?" + urlencode({"second": "1", "next": HOME}))
    if _must_read_notice(request):
        return redirect("privacy:acknowledgement")
    if first := queries.first_place(actor):
        return redirect(first)
    context = {"todos": queries.todos(actor, request.now), "places": queries.places_of(actor)}
    return page(request, "identity/home.html", context)


def _must_read_notice(request: Request) -> bool:
    """Say whether the privacy notice has changed since this account read it, and this session has not asked yet."""
    accepted = queries.accepted_notice(queries.own_id(request.actor))
    version = queries.version_in_force(ConsentKind.PRIVACY_NOTICE, request.now)
    return bool(accepted) and accepted != version and request.session.get("notice_shown") != version


@access.signed_in
def overview(request: Request) -> HttpResponse:
    """Show one's own account: details, keys, places."""
    actor = request.actor
    context = {
        "account": queries.account(queries.own_id(actor)),
        "person": queries.person_of(queries.own_id(actor)),
        "second_factor": queries.has_second_factor(queries.own_id(actor)),
        "places": queries.places_of(actor),
    }
    return page(request, "identity/overview.html", context)


@access.public
@never_cache
def invitation(request: Request, account_id: uuid.UUID, token: str) -> HttpResponseBase:
    """Let an invited person set a password, and come in."""
    form = forms.InvitationForm(request.POST or None)
    if form.is_valid():
        operations.accept_invitation(
            account_id=account_id, token=token, password=form.cleaned_data["password"], at=request.now
        )
        account = Account.objects.get(pk=account_id)
        record_authentication(request, account, method="password")
        response: HttpResponseBase = perform_login(request, account, redirect_url=HOME)
        return response
    invitee = operations.invited_account(account_id=account_id, token=token)
    return page(request, "identity/invitation.html", {"form": form, "invited": invitee})


@access.signed_in
def sign_out_everywhere(request: Request) -> HttpResponseBase:
    """End all sessions of one's own account."""
    if request.method == "POST":
        operations.sign_out_everywhere(account_id=queries.own_id(request.actor), by=request.actor, at=clock.real_now())
        messages.success(request, _("You are signed out on all devices."))
        return redirect("account_login")
    return redirect("identity:overview")
