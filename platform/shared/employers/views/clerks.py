"""The employer's desk: its clerks, and its people."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kernel import access
from kernel.errors import Invalid, Refusal
from kernel.tables import paged
from kernel.web.forms import submit
from kernel.web.http import Request, page
from kernel.web.repeats import once
from shared.identity.queries.people import EmployerValue

from .. import rules
from ..forms import ClerkForm, EmployeeForm, LeavingForm, PeopleFileForm
from ..operations import clerks as clerk_operations
from ..operations import people as employee_operations
from ..queries import clerks as clerk_queries
from ..queries import people as employee_queries
from ..tables import ClerkTable, EmployeeTable


@access.requires(rules.clerk)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def clerks(request: Request, employer_id: uuid.UUID) -> HttpResponse:
    """Show an employer's clerks; POST invites another one."""
    employer = employee_queries.employer_for(request.actor, employer_id)
    form = ClerkForm(request.POST or None)
    if submit(
        form,
        lambda: clerk_operations.invite(employer_id=employer.id, **form.cleaned_data, by=request.actor, at=request.now),
    ):
        messages.success(request, _("Invited. The message with the way in is on its way."))
        return redirect("employers:clerks", employer_id=employer.id)
    grants = clerk_queries.clerks(employer.id)
    table = paged(request, ClerkTable(grants, employer_id=employer.id, last=len(grants) == 1))
    context = {"employer": employer, "form": form, "table": table, "last": len(grants) == 1}
    return page(request, "employers/clerks.html", context, status=422 if form.errors else 200)


@access.requires(rules.clerk)
@require_POST
def clerk_ending(request: Request, employer_id: uuid.UUID, grant_id: uuid.UUID) -> HttpResponse:
    """End a clerk's role; the last one's ends the registration."""
    employee_queries.employer_for(request.actor, employer_id)
    form = LeavingForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        last = clerk_operations.end(
            employer_id=employer_id, grant_id=grant_id, reason=reason, by=request.actor, at=request.now
        )
    except Invalid as refusal:
        messages.error(request, str(refusal))
        return redirect("employers:clerks", employer_id=employer_id)
    messages.success(request, _("The registration has ended.") if last else _("The role has ended."))
    still = not last and clerk_queries.is_clerk(request.actor, employer_id)
    return redirect("employers:clerks", employer_id=employer_id) if still else redirect("employers:mine")


def _people(
    request: Request, employer: EmployerValue, *, status: int = 200, **forms: EmployeeForm | PeopleFileForm
) -> HttpResponse:
    table = paged(request, EmployeeTable(employee_queries.listed(employer.id), employer_id=employer.id))
    shown = {"form": EmployeeForm(), "file_form": PeopleFileForm()} | forms
    return page(request, "employers/people.html", {"employer": employer, "table": table} | shown, status=status)


@access.requires(rules.clerk)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def people(request: Request, employer_id: uuid.UUID) -> HttpResponse:
    """Show an employer's people; POST names another one."""
    employer = employee_queries.employer_for(request.actor, employer_id)
    form = EmployeeForm(request.POST or None)
    if submit(
        form,
        lambda: employee_operations.add(employer_id=employer.id, **form.cleaned_data, by=request.actor, at=request.now),
    ):
        messages.success(request, _("On the list. The person is asked as soon as they have an account here."))
        return redirect("employers:people", employer_id=employer.id)
    return _people(request, employer, form=form, status=422 if form.errors else 200)


@access.requires(rules.clerk)
@require_POST
@once
def people_file(request: Request, employer_id: uuid.UUID) -> HttpResponse:
    """Name everybody in a table; a file with a fault adds nobody."""
    employer = employee_queries.employer_for(request.actor, employer_id)
    form = PeopleFileForm(request.POST, request.FILES)
    success = submit(
        form,
        lambda: employee_operations.add_file(
            employer_id=employer.id, content=form.cleaned_data["file"], by=request.actor, at=request.now
        ),
    )
    if success is None:
        return _people(request, employer, file_form=form, status=422)
    result = success.result
    if result.faults:
        context = {"employer": employer, "faults": result.faults[:SHOWN_FAULTS], "count": len(result.faults)}
        return page(request, "employers/faults.html", context, status=422)
    added = ngettext("%(n)d person was added.", "%(n)d people were added.", result.added) % {"n": result.added}
    known = _("%(n)d stood on the list already.") % {"n": result.known} if result.known else ""
    messages.success(request, f"{added} {known}".strip())
    return redirect("employers:people", employer_id=employer.id)


SHOWN_FAULTS = 200


@access.requires(rules.clerk)
@require_POST
def employee_ending(request: Request, employer_id: uuid.UUID, employee_id: uuid.UUID) -> HttpResponse:
    """Take somebody off the list."""
    employee_queries.employee_for(request.actor, employer_id, employee_id)
    try:
        employee_operations.take_off(employer_id=employer_id, employee_id=employee_id, by=request.actor, at=request.now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken off the list."))
    return redirect("employers:people", employer_id=employer_id)
