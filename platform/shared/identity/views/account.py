"""One's own affairs: personal details, access tokens, the privacy notice."""

import uuid

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kernel import access, clock
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
    details = people_queries.person_of(account_queries.own_id(request.actor))
    if details is not None:
        return page(request, "identity/person_known.html", {"person": details})
    notice = identity_consent_queries.version_in_force(ConsentKind.PRIVACY_NOTICE, request.now)
    form = people_forms.PersonForm(request.POST or None, initial={"id_type": DocumentType.RESIDENT})
    if form.is_valid():
        data = {k: v for k, v in form.cleaned_data.items() if not k.startswith("agree")}
        if submit(
            form,
            lambda: people.complete_person(
                account_id=account_queries.own_id(request.actor),
                by=request.actor,
                at=request.now,
                agreed_to=notice,
                **data,
            ),
        ):
            messages.success(request, _("Your personal details are complete."))
            return redirect(methods.local_path(request.GET.get("next"), "/account/person/"))
    status = 422 if form.errors else 200
    return page(request, "identity/person.html", {"form": form, "notice": notice}, status=status)


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
