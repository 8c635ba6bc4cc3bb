"""The desk where the province enters ceilings."""

import uuid
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import access
from kernel.web.forms import submit
from kernel.web.http import Request, page
from kernel.web.repeats import once
from shared.policy.operations import caps
from shared.policy.queries import caps as cap_queries
from shared.policy.queries import packs as pack_queries

from .. import rules
from ..forms.caps import CapForm, EndForm
from ..tables import CapDeskTable


@access.requires(rules.enters_caps)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def cap_list(request: Request) -> HttpResponse:
    """List every ceiling there is and was; POST enters one."""
    if request.method == "POST":
        return _enter(request)
    table = CapDeskTable(cap_queries.caps(), pack=pack_queries.pack_at(request.now))
    return page(request, "lawbook/caps.html", {"table": table})


@access.requires(rules.enters_caps)
@require_safe
def new_cap(request: Request) -> HttpResponse:
    """Show the form for a ceiling."""
    return page(request, "lawbook/cap_new.html", {"form": CapForm(pack=pack_queries.pack_at(request.now))})


def _enter(request: Request) -> HttpResponse:
    form = CapForm(request.POST, pack=pack_queries.pack_at(request.now))
    if success := submit(form, lambda: caps.enter_cap(**form.cleaned_data, by=request.actor, at=request.now)):
        messages.success(request, _("The ceiling has been entered."))
        return redirect("lawbook:cap", cap_id=success.result.id)
    return page(request, "lawbook/cap_new.html", {"form": form}, status=422)


@access.requires(rules.enters_caps)
@require_safe
def cap(request: Request, cap_id: uuid.UUID) -> HttpResponse:
    """Show one ceiling with its life and the way to end it."""
    return page(request, "lawbook/cap.html", _cap_page(request, cap_id, EndForm()))


@access.requires(rules.enters_caps)
@require_POST
def ending(request: Request, cap_id: uuid.UUID) -> HttpResponse:
    """End a ceiling."""
    form = EndForm(request.POST)
    if submit(form, lambda: caps.end_cap(cap_id=cap_id, **form.cleaned_data, by=request.actor, at=request.now)):
        messages.success(request, _("The ceiling ends on the day you gave."))
        return redirect("lawbook:cap", cap_id=cap_id)
    return page(request, "lawbook/cap.html", _cap_page(request, cap_id, form), status=422)


def _cap_page(request: Request, cap_id: uuid.UUID, form: Form) -> dict[str, Any]:
    return {
        "cap": cap_queries.cap(cap_id),
        "names": cap_queries.cap_names(cap_id, request.now),
        "history": cap_queries.cap_history(cap_id),
        "form": form,
    }
