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
from kernel.web.http import Request, address, page

from .. import methods
from ..forms import people as people_forms
from ..models.accounts import Account
from ..operations import accounts, sso_tickets
from ..queries import accounts as account_queries
from ..queries import people as people_queries
from ..queries import places


@access.public
@never_cache
def sign_in(request: Request) -> HttpResponseBase:
    """Lead to what is missing: the password, an authenticator, or its code; then on to `next`."""
    actor, path = request.actor, methods.local_path(request.GET.get("next"), address("home"))
    if not actor.is_authenticated:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
    if not request.GET.get("second") or actor.is_strong:
        return redirect(path)
    if account_queries.has_second_factor(account_queries.own_id(actor)):
        passkey = account_queries.has_passkey_only(account_queries.own_id(actor))
        asking = reverse("mfa_reauthenticate_webauthn" if passkey else "mfa_reauthenticate")
        return redirect(f"{asking}?{urlencode({'next': path})}")
    request.session["wanted"] = path
    return redirect("mfa_activate_totp")


@access.signed_in
@never_cache
def sso_ticket(request: Request) -> HttpResponseBase:
    """Send a signed-in person back to the institution's host from which they came, with a ticket."""
    if request.GET.get("second") and not request.actor.is_strong:
        return redirect(f"{reverse('identity:sign-in')}?" + urlencode({"second": "1", "next": request.get_full_path()}))
    address = sso_tickets.issue_sso_ticket(
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
def overview(request: Request) -> HttpResponse:
    """Show one's own account: details, keys, places."""
    actor = request.actor
    context = {
        "account": account_queries.account(account_queries.own_id(actor)),
        "person": people_queries.person_of(account_queries.own_id(actor)),
        "second_factor": account_queries.has_second_factor(account_queries.own_id(actor)),
        "places": places.places_of(actor),
    }
    return page(request, "identity/overview.html", context)


@access.public
@never_cache
def invitation(request: Request, account_id: uuid.UUID, token: str) -> HttpResponseBase:
    """Let an invited person set a password, and come in."""
    form = people_forms.InvitationForm(request.POST or None)
    if form.is_valid():
        accounts.accept_invitation(
            account_id=account_id, token=token, password=form.cleaned_data["password"], at=request.now
        )
        account = Account.objects.get(pk=account_id)
        record_authentication(request, account, method="password")
        response: HttpResponseBase = perform_login(request, account, redirect_url=address("home"))
        return response
    invitee = accounts.invited_account(account_id=account_id, token=token)
    return page(request, "identity/invitation.html", {"form": form, "invited": invitee})


@access.signed_in
def sign_out_everywhere(request: Request) -> HttpResponseBase:
    """End all sessions of one's own account."""
    if request.method == "POST":
        accounts.sign_out_everywhere(
            account_id=account_queries.own_id(request.actor), by=request.actor, at=clock.real_now()
        )
        messages.success(request, _("You are signed out on all devices."))
        return redirect("account_login")
    return redirect("identity:overview")
