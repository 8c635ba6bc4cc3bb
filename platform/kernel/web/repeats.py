"""Repeats: what is sent twice is done once, and answered twice.

A machine sends an `Idempotency-Key` along, a page's form a `form_token` that was drawn with it ({% form_token %}). The
key, what was done and its answer are one transaction: a second request waits for the first, and nothing is half known.
A machine's key stands for one body; a person may come back to a form and send something else with it.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import Invalid, Refusal
from kernel.tenancy import current_schema
from kernel.web.bodies import raw

KEY_LIFETIME = timedelta(hours=24)
LONGEST_KEY = 100
HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replay"
FIELD = "form_token"
_NEVER_THE_SAME = ("csrfmiddlewaretoken", FIELD)

View = Callable[..., HttpResponseBase]


class KeyReused(Refusal):
    """An Idempotency-Key was used again for another request."""

    code = "idempotency-key-reused"
    status = 422
    message = _("This Idempotency-Key was used for another request.")


def new_token() -> str:
    """Return what a form that is drawn now sends along."""
    return secrets.token_urlsafe(15)


def key_of(request: HttpRequest) -> str:
    """Return the key that a machine sent, empty where it sent none; refuses (Invalid) one that is too long."""
    key = request.headers.get(HEADER, "")
    if len(key) > LONGEST_KEY:
        raise Invalid(_("An Idempotency-Key has at most 100 characters."))
    return key


def digest_of(body: Any) -> str:
    """Return what tells two bodies apart."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()


def claim(request: HttpRequest, key: str, digest: str) -> Any:
    """Return the row of a key in the open transaction: without a status for who comes first, who may go on and must
    `keep` the answer; with one for who comes after, once the first is through. Refuses (KeyReused) another body.

    The key belongs to the host's institution, the caller and the path, for a day.
    """
    table = apps.get_model("kernel", "IdempotencyKey")
    actor = str(request.actor.account_id)  # type: ignore[attr-defined]  # set by ActorMiddleware
    scope = {"schema": current_schema(), "actor": actor, "path": request.path[:300], "key": key}
    table.objects.filter(**scope, created_at__lt=clock.real_now() - KEY_LIFETIME).delete()
    row, first = table.objects.get_or_create(**scope, defaults={"digest": digest})
    if not first and row.digest != digest:
        raise KeyReused
    return row


def keep(row: Any, *, status: int, body: Any) -> None:
    """Keep the answer for who sends the same again."""
    row.status, row.body = status, body
    row.save(update_fields=["status", "body"])


def once(view: View) -> View:
    """Do a POST of this view once, by the machine's key or the form's token; what brings neither is done each time.

    A form that comes back with what is wrong in it was not done, and is sent again under the token it came with.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        if key := key_of(request):
            return _by_key(request, key, lambda: view(request, *args, **kwargs))
        if token := request.POST.get(FIELD, ""):
            return _by_token(request, token, lambda: view(request, *args, **kwargs))
        return view(request, *args, **kwargs)

    return wrapped


def _by_key(request: HttpRequest, key: str, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    digest = digest_of([raw(request).decode(errors="replace"), sorted(request.POST.lists())])
    with transaction.atomic():
        row = claim(request, key, digest)
        if row.status is not None:
            return JsonResponse(row.body, status=row.status, headers={REPLAYED: "true"}, safe=False)
        response = act()
        assert isinstance(response, HttpResponse)
        keep(row, status=response.status_code, body=json.loads(response.content))
    return response


def _by_token(request: HttpRequest, token: str, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    fields = sorted((name, values) for name, values in request.POST.lists() if name not in _NEVER_THE_SAME)
    files = sorted((name, [(one.name, one.size) for one in values]) for name, values in request.FILES.lists())
    digest = digest_of([fields, files])
    with transaction.atomic():
        row = claim(request, f"{token[:30]}:{digest}", digest)
        if row.status is not None:
            messages.info(request, _("This was sent twice. It was done once."))
            return HttpResponseRedirect(row.body["location"])
        response = act()
        if isinstance(response, HttpResponseRedirect):
            keep(row, status=response.status_code, body={"location": response.url})
        else:
            row.delete()
    return response
