"""Staff and officers: the principal's list of staff, the operator's list of officers."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from kernel import access
from kernel.roles import AUTHORITY_ROLES, STAFF_ROLES, Role
from kernel.tables import paged
from kernel.web.forms import submit
from kernel.web.http import Request, page

from .. import rules
from ..forms import people as people_forms
from ..operations import roles as identity_roles
from ..queries import accounts as account_queries
from ..tables import GrantTable


def _people(request: Request, form: Any, scope: str | None, template: str) -> HttpResponseBase:
    """List, and invite from the form."""
    if success := submit(
        form, lambda: identity_roles.invite(by=request.actor, at=request.now, **({"scope": scope} | form.cleaned_data))
    ):
        messages.success(
            request, _("Invited: %(name)s. The message with the way in is on its way.") % {"name": success.result.name}
        )
        return redirect(request.path)
    roles = STAFF_ROLES if scope else (*AUTHORITY_ROLES, Role.PLATFORM_OPERATOR, Role.TRAINING_CENTRE)
    people = account_queries.grants_in(scope, roles)
    ending = "identity:staff-ending" if scope else "identity:officer-ending"
    table = paged(request, GrantTable(people, ending=ending, scopes=not scope))
    shown = {"form": form, "people": people, "table": table}
    return page(request, template, shown, status=422 if form.errors else 200)


@access.requires(rules.principal)
@never_cache
def staff(request: Request) -> HttpResponseBase:
    """List the institution's staff and invite more."""
    scope = str(request.institution.organisation_id)
    return _people(request, people_forms.InviteStaffForm(request.POST or None), scope, "identity/staff.html")


@access.requires(rules.operator)
@never_cache
def officers(request: Request) -> HttpResponseBase:
    """List officers, inspectors and operators and invite more."""
    return _people(request, people_forms.InviteOfficerForm(request.POST or None), None, "identity/officers.html")


def _end(request: Request, grant_id: uuid.UUID, back: str) -> HttpResponseBase:
    if request.method == "POST":
        form = people_forms.EndForm(request.POST)
        why = form.cleaned_data["why"] if form.is_valid() else ""
        try:
            identity_roles.end_grant(grant_id=grant_id, by=request.actor, at=request.now, why=why)
        except (identity_roles.LastPrincipal, identity_roles.LastOperator) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The role has ended."))
    return redirect(back)


@access.requires(rules.principal)
def end_staff(request: Request, grant_id: uuid.UUID) -> HttpResponseBase:
    """End a role in the institution."""
    return _end(request, grant_id, "identity:staff")


@access.requires(rules.operator)
def end_officer(request: Request, grant_id: uuid.UUID) -> HttpResponseBase:
    """End an officer's role."""
    return _end(request, grant_id, "identity:officers")
