"""Lost phone, wrong name: asked for by anybody, settled at a counter; and whole document numbers with a reason."""

import uuid
from collections.abc import Mapping
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kernel import access, folding
from kernel.tables import paged
from kernel.web.forms import submit
from kernel.web.http import Request, known_act, page

from .. import adapters, rules
from ..forms import people as people_forms
from ..operations import people
from ..operations import recovery as identity_recovery
from ..queries import people as people_queries
from ..queries import recoveries
from ..tables import RecoveryTable


@access.public
@never_cache
def recovery(request: Request) -> HttpResponseBase:
    """Take the request of somebody who cannot come in, and show the number to say at the counter."""
    form = people_forms.RecoveryForm(request.POST or None)
    if form.is_valid():
        if not ratelimit.consume(request, action="recovery"):
            form.add_error(None, _("Too many requests from here. Please try again in an hour."))
        elif success := submit(form, lambda: _ask(request, form.cleaned_data)):
            request.session["recovery"] = success.result
            return redirect("identity:recovery-requested")
    return page(request, "identity/recovery.html", {"form": form}, status=422 if form.errors else 200)


def _ask(request: Request, cleaned_data: Mapping[str, Any]) -> str:
    """Ask for help; the account that is named is told, so it counts as a message."""
    adapters.demand_room(request, cleaned_data["identifier"])
    number = identity_recovery.ask_recovery(at=request.now, **cleaned_data)
    adapters.count_message(request, cleaned_data["identifier"])
    return number


@access.public
@never_cache
def recovery_requested(request: Request) -> HttpResponseBase:
    """Show the number of the request just made in this browser."""
    number = request.session.get("recovery")
    if not number:
        return redirect("identity:recovery")
    return page(request, "identity/recovery_requested.html", {"number": number})


def _desk(request: Request, *, everything: bool) -> HttpResponseBase:
    """Find a request by its number; officers also see all of their area that wait."""
    number = folding.number(request.GET.get("number", ""))
    requests = recoveries.recoveries(request.actor, number=number)
    if number and len(requests) == 1:
        return redirect("identity:recovery-case", request_id=requests[0].id)
    table = paged(request, RecoveryTable(requests))
    shown = {"number": number, "found": requests, "table": table, "everything": everything}
    return page(request, "identity/recovery_desk.html", shown)


def _case(request: Request, request_id: uuid.UUID) -> HttpResponseBase:
    """Show a request; check, settle or refuse it."""
    case = recoveries.recovery(request_id, request.actor, at=request.now)
    known_act(request, "check", "settle", "refuse")
    act = request.POST.get("act")
    form_type = people_forms.CheckForm if case.needs_check else people_forms.SettleForm
    form = form_type(request.POST if act in ("check", "settle") else None)
    refusing = people_forms.RevealForm(request.POST if act == "refuse" else None, prefix="no")
    refusing.fields["reason"].label = _("Why it is refused")
    submitted = form if form.is_bound else refusing
    if submit(submitted, lambda: _decide(request, request_id, submitted.cleaned_data)):
        return redirect(request.path)
    context = {"case": case, "form": form, "refusing": refusing}
    return page(request, "identity/recovery_case.html", context, status=422 if submitted.errors else 200)


def _decide(request: Request, request_id: uuid.UUID, cleaned_data: Mapping[str, Any]) -> None:
    data = {key: value for key, value in cleaned_data.items() if key != "seen"}
    data |= {"request_id": request_id, "by": request.actor, "at": request.now}
    act = request.POST.get("act")
    if act == "check":
        identity_recovery.check_recovery(**data)
        messages.success(request, _("Checked. Another person settles the request."))
    elif act == "settle":
        identity_recovery.settle_recovery(**data)
        messages.success(request, _("Settled. The second factor is gone and all sessions have ended."))
    else:
        identity_recovery.refuse_recovery(**data)
        messages.success(request, _("Refused, with the reason."))


@access.requires(rules.counter_staff)
@never_cache
def staff_desk(request: Request) -> HttpResponseBase:
    """The institution's counter."""
    return _desk(request, everything=False)


@access.requires(rules.counter_staff)
@never_cache
def staff_case(request: Request, request_id: uuid.UUID) -> HttpResponseBase:
    """One request at the institution's counter."""
    return _case(request, request_id)


@access.requires(rules.officer)
@never_cache
def officer_desk(request: Request) -> HttpResponseBase:
    """The authority's counter."""
    return _desk(request, everything=True)


@access.requires(rules.officer)
@never_cache
def officer_case(request: Request, request_id: uuid.UUID) -> HttpResponseBase:
    """One request at the authority's counter."""
    return _case(request, request_id)


def _number(request: Request, person_id: uuid.UUID) -> HttpResponseBase:
    """Show a whole document number for a reason, once."""
    people.revealable(person_id=person_id, by=request.actor)
    form = people_forms.RevealForm(request.POST or None)
    success = submit(
        form,
        lambda: people.reveal_id_number(person_id=person_id, by=request.actor, at=request.now, **form.cleaned_data),
    )
    number = success.result if success else ""
    context = {"person": people_queries.person(person_id), "form": form, "number": number}
    return page(request, "identity/number.html", context, status=422 if form.errors else 200)


@access.requires(rules.counter_staff)
@never_cache
def staff_number(request: Request, person_id: uuid.UUID) -> HttpResponseBase:
    """A whole number at the institution's counter."""
    return _number(request, person_id)


@access.requires(rules.officer)
@never_cache
def officer_number(request: Request, person_id: uuid.UUID) -> HttpResponseBase:
    """A whole number at the authority's counter."""
    return _number(request, person_id)
