"""One's own affairs: personal details, access tokens, the privacy notice."""

import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kernel import access, clock, tenancy
from kernel.web.forms import submit
from kernel.web.http import Request, page

from .. import methods
from ..forms import people as people_forms
from ..operations import people, tokens
from ..queries import accounts as account_queries
from ..queries import consents as identity_consent_queries
from ..queries import people as people_queries
from ..states import ConsentKind, DocumentType


@access.signed_in
@never_cache
def person(request: Request) -> HttpResponseBase:
    """Let a person tell who they are, once; show it masked afterwards."""
    account_id = account_queries.own_id(request.actor)
    details = people_queries.person_of(account_id)
    origin = _origin(request)
    if details is not None:
        return page(request, "identity/person_known.html", {"person": details, "origin": origin})
    notice = identity_consent_queries.version_in_force(ConsentKind.PRIVACY_NOTICE, request.now)
    account = account_queries.signed_up(account_id)
    form = people_forms.PersonForm(
        request.POST or None,
        initial={"id_type": DocumentType.RESIDENT, "name": account.name},
        agreed=identity_consent_queries.accepted_notice(account_id) == notice,
    )
    if form.is_valid():
        data = {k: v for k, v in form.cleaned_data.items() if not k.startswith("agree")}
        if submit(
            form,
            lambda: people.complete_person(
                account_id=account_id,
                by=request.actor,
                at=request.now,
                agreed_to=notice,
                **data,
            ),
        ):
            messages.success(request, _("Your personal details are complete."))
            # A redirect after a form may not leave for an institution's own domain (CSP form-action); a link may.
            ours = f"{urlsplit(origin).hostname or settings.NUOXING_HOST}".endswith(settings.NUOXING_HOST)
            return redirect(origin if origin and ours else "/account/person/")
    context = {"form": form, "notice": notice, "account": account}
    return page(request, "identity/person.html", context, status=422 if form.errors else 200)


def _origin(request: Request) -> str:
    """Return the address from which somebody was sent to say who they are: of this host or of an institution's, "" for
    none. It is kept in the session, since a mobile number may have to be proven in between.
    """
    if path := methods.local_path(request.GET.get("next"), ""):
        host = request.GET.get("host", "")
        known = methods.is_host(host) and tenancy.institution_at(host) is not None
        request.session["details_for"] = methods.host_url(host, path) if known else path
    return str(request.session.get("details_for", ""))


@access.signed_in
@never_cache
def token_list(request: Request) -> HttpResponseBase:
    """List access tokens and make one, shown this once."""
    form = people_forms.TokenForm(request.POST or None)
    new_token = ""
    if success := submit(form, lambda: tokens.make_token(by=request.actor, at=clock.real_now(), **form.cleaned_data)):
        new_token, form = success.result, people_forms.TokenForm()
    context = {
        "form": form,
        "made": new_token,
        "tokens": account_queries.tokens_of(account_queries.own_id(request.actor)),
    }
    return page(request, "identity/tokens.html", context, status=422 if form.errors else 200)


@access.signed_in
def revoke_token(request: Request, token_id: uuid.UUID) -> HttpResponseBase:
    """Revoke one's own access token."""
    if request.method == "POST":
        tokens.revoke_token(token_id=token_id, by=request.actor, at=clock.real_now())
        messages.success(request, _("The access token is revoked."))
    return redirect("identity:tokens")
