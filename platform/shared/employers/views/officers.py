"""The authority: registrations of employers in its area, decided and ended; and the institution that vouches."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import access
from kernel.tables import paged
from kernel.web.forms import submit
from kernel.web.http import Request, page
from kernel.web.repeats import once

from .. import rules
from ..forms import DecisionForm, EndingForm, VouchingForm
from ..models import Registration
from ..operations import decisions
from ..queries import registrations
from ..tables import RegistrationTable


@access.requires(rules.decides)
@require_safe
def registration_list(request: Request) -> HttpResponse:
    """Show what was asked for within the office."""
    table = paged(request, RegistrationTable(registrations.in_jurisdiction(request.actor)))
    return page(request, "employers/registrations.html", {"table": table})


@access.requires(rules.decides)
@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: Request, registration_id: uuid.UUID) -> HttpResponse:
    """Show a registration with its letter; POST decides on it."""
    row = registrations.registration_for(request.actor, registration_id)
    form = DecisionForm(request.POST or None)
    if submit(
        form,
        lambda: decisions.decide(registration_id=row.pk, **form.cleaned_data, by=request.actor, at=request.now),
        shown=row.is_asked,
    ):
        messages.success(request, _("Decided. Whoever applied was told."))
        return redirect("employers:registration", registration_id=row.pk)
    return page(request, "employers/registration.html", _context(request, row, form=form), status=_status(form))


def _status(form: DecisionForm | EndingForm) -> int:
    return 422 if form.errors else 200


def _context(
    request: Request, row: Registration, *, form: DecisionForm | None = None, ending: EndingForm | None = None
) -> dict[str, object]:
    may = registrations.may_decide(request.actor, row)
    return {
        "row": row,
        "facts": registrations.facts(row),
        "letter": registrations.letter_path(row),
        "life": registrations.life(row),
        "form": (form or DecisionForm()) if may and row.is_asked else None,
        "ending": (ending or EndingForm()) if may and row.is_proved else None,
        "own": row.applied_by == request.actor.account_id,
    }


@access.requires(rules.decides)
@require_POST
def ending(request: Request, registration_id: uuid.UUID) -> HttpResponse:
    """End the registration of a proven employer."""
    row = registrations.registration_for(request.actor, registration_id)
    form = EndingForm(request.POST)
    if submit(
        form,
        lambda: decisions.end(registration_id=row.pk, **form.cleaned_data, by=request.actor, at=request.now),
        shown=row.is_proved,
    ):
        messages.success(request, _("Ended. Its clerks were told."))
        return redirect("employers:registration", registration_id=row.pk)
    return page(request, "employers/registration.html", _context(request, row, ending=form), status=422)


@access.requires(rules.vouches)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def vouching(request: Request) -> HttpResponse:
    """Vouch at the institution's counter for an employer whose registration waits."""
    form = VouchingForm(request.POST or None)
    if success := submit(form, lambda: decisions.vouch(**form.cleaned_data, by=request.actor, at=request.now)):
        words = _("You vouched for %(name)s. Whoever applied is its clerk now; the authority was told.")
        messages.success(request, words % {"name": success.result})
        return redirect("employers:vouching")
    return page(request, "employers/vouching.html", {"form": form}, status=422 if form.errors else 200)
