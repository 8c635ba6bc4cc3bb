"""Whoever registers an employer: begin, prove the telephone, follow, take back; and who was named by an employer."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import access
from kernel.errors import Refusal
from kernel.web.forms import submit
from kernel.web.http import Request, address, page
from kernel.web.repeats import once
from shared.identity.queries import consents as consent_queries
from shared.identity.states import ConsentKind

from ..forms import AnswerForm, CodeForm, RegistrationForm
from ..models import Registration
from ..operations import people as employee_operations
from ..operations import registrations as registering
from ..queries import people as employee_queries
from ..queries import registrations


@access.signed_in
@require_safe
def mine(request: Request) -> HttpResponse:
    """Show the employers that named one, and those that one registers."""
    context = {
        "named": employee_queries.named_by(request.actor),
        "registrations": registrations.own(request.actor),
        "text": consent_queries.text_in_force(ConsentKind.PASSING_ON, request.now),
    }
    return page(request, "employers/mine.html", context)


@access.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def apply(request: Request) -> HttpResponse:
    """Begin the registration of an employer; a code goes to its telephone."""
    form = RegistrationForm(request.POST or None, request.FILES or None, at=request.now)
    if form.is_valid():
        letter = form.cleaned_data.pop("letter", None)
        name = letter.name if letter is not None else ""
        if success := submit(
            form,
            lambda: registering.begin(
                **form.cleaned_data, letter=letter, letter_name=name, by=request.actor, at=request.now
            ),
        ):
            _say_sent(request)
            return redirect("employers:own", registration_id=success.result)
    return page(request, "employers/apply.html", {"form": form}, status=422 if form.errors else 200)


def _say_sent(request: Request) -> None:
    messages.success(request, _("A code was sent to the employer's telephone."))
    if settings.NUOXING_DEMO:
        words = _("Demonstration: nothing was really sent. Read the code in the outbox.")
        messages.info(request, format_html('<a href="{}" target="_blank">{}</a>', address("demo-outbox"), words))


@access.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: Request, registration_id: uuid.UUID) -> HttpResponse:
    """Show where one's registration stands; POST enters the code of the telephone."""
    row = registrations.own_registration(request.actor, registration_id)
    form = CodeForm(request.POST or None)
    success = submit(
        form,
        lambda: registering.prove_telephone(
            registration_id=row.pk, code=form.cleaned_data["code"], by=request.actor, at=request.now
        ),
        shown=row.is_begun,
    )
    if success and success.result:
        messages.success(request, _("The telephone is proven. The registration waits to be proven now."))
        return redirect("employers:own", registration_id=row.pk)
    if success:
        form.add_error("code", _("This code is not right. Look at the newest message."))
    return page(request, "employers/own.html", _own(request, row, form), status=422 if form.errors else 200)


def _own(request: Request, row: Registration, form: CodeForm) -> dict[str, object]:
    return {
        "row": row,
        "form": form,
        "facts": registrations.facts(row),
        "letter": registrations.letter_path(row),
        "life": registrations.life(row),
        "rule": registrations.ways_open(row),
    }


@access.signed_in
@require_POST
@once
def new_code(request: Request, registration_id: uuid.UUID) -> HttpResponse:
    """Send another code."""
    try:
        registering.send_new_code(registration_id=registration_id, by=request.actor, at=request.now)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, str(refusal))
    else:
        _say_sent(request)
    return redirect("employers:own", registration_id=registration_id)


@access.signed_in
@require_POST
def withdrawal(request: Request, registration_id: uuid.UUID) -> HttpResponse:
    """Take one's registration back."""
    registering.withdraw(registration_id=registration_id, by=request.actor, at=request.now)
    messages.success(request, _("The registration was taken back."))
    return redirect("employers:mine")


@access.signed_in
@require_POST
def answer(request: Request, employee_id: uuid.UUID) -> HttpResponse:
    """Agree, or do not, that one works for an employer."""
    form = AnswerForm(request.POST)
    agree = form.is_valid() and form.cleaned_data["agree"]
    if not form.is_valid():
        employee_queries.named_by_one(request.actor, employee_id)
        messages.error(request, _("Say whether you agree."))
        return redirect("employers:mine")
    employee_operations.answer(employee_id=employee_id, agree=agree, by=request.actor, at=request.now)
    said = (
        _("You agreed. You can end it here at any time.") if agree else _("You did not agree. Nothing of you is shown.")
    )
    messages.success(request, said)
    return redirect("employers:mine")


@access.signed_in
@require_POST
def leaving(request: Request, employee_id: uuid.UUID) -> HttpResponse:
    """End that an employer sees anything of one."""
    employee_operations.leave(employee_id=employee_id, by=request.actor, at=request.now)
    messages.success(request, _("Ended. The employer sees nothing of you any more; your consent is taken back."))
    return redirect("employers:mine")
