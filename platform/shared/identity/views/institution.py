"""Sign-in and sign-out at an institution's host, by a ticket from the platform bound to this host and this browser."""

import secrets

from django.contrib.auth import login
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from kernel import access, clock
from kernel.web.http import Request, page

from .. import adapters, methods
from ..models.accounts import Account
from ..operations import sso_tickets

NONCE = "nx_nonce"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@access.public
@never_cache
def sign_in(request: Request) -> HttpResponseBase:
    """Send the browser to the platform to sign in, keeping a nonce here that only this browser knows."""
    path, second = methods.local_path(request.GET.get("next")), request.GET.get("second")
    if request.actor.is_authenticated and (not second or request.actor.is_strong):
        return redirect(path)
    nonce = secrets.token_urlsafe(32)
    query = {"host": request.host, "nonce": methods.nonce_hash(nonce), "next": path}
    query |= {"second": "1"} if second else {}
    response = redirect(methods.platform_url("/account/sso-ticket/?" + urlencode(query)))
    response.set_cookie(
        NONCE, nonce, max_age=1800, path="/sign-in/", httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return response


@access.public
@never_cache
def ticket(request: Request) -> HttpResponseBase:
    """Take the ticket and open a session of this host."""
    sso_ticket = sso_tickets.redeem_sso_ticket(
        ticket=request.GET.get("ticket", ""),
        host=request.host,
        nonce=request.COOKIES.get(NONCE, ""),
        at=clock.real_now(),
    )
    login(request, Account.objects.get(pk=sso_ticket.account_id), backend=BACKEND)
    request.session.update({"host": request.host, "level": sso_ticket.level, "sign_in": sso_ticket.sign_in})
    response = redirect(sso_ticket.path)
    response.delete_cookie(NONCE, path="/sign-in/")
    return response


@access.public
@never_cache
def sign_out(request: Request) -> HttpResponseBase:
    """Ask, and sign out here and at the platform."""
    if not request.actor.is_authenticated:
        return redirect("/")
    if request.method == "POST":
        adapters.AccountAdapter(request).logout(request)
        return redirect("/")
    return page(request, "identity/sign_out.html")
