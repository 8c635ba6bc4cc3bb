"""The desk where the province proposes ceilings and decides on them."""

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
from shared.policy.queries import caps as cap_queries
from shared.policy.queries import packs as pack_queries
from shared.policy.values.pack import Pack

from .. import rules
from ..forms.caps import CapDecisionForm, CapForm, EndForm
from ..operations import caps as proposals
from ..queries import caps as proposal_queries
from ..tables import CapDeskTable


@access.requires(rules.enters_caps)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def cap_list(request: Request) -> HttpResponse:
    """List every ceiling there is and was, and what waits for a second officer; POST proposes one."""
    if request.method == "POST":
        return _propose(request)
    pack = pack_queries.pack_at(request.now)
    table, names, own = CapDeskTable(cap_queries.caps(), pack=pack), _names(pack), request.actor.account_id
    waiting = [
        (row, names.get(row.fee_item, row.fee_item), names.get(row.position, ""), row.proposed_by == own)
        for row in proposal_queries.waiting()
    ]
    return page(request, "lawbook/caps.html", {"table": table, "waiting": waiting})


@access.requires(rules.enters_caps)
@require_safe
def new_cap(request: Request) -> HttpResponse:
    """Show the form for a ceiling."""
    return page(request, "lawbook/cap_new.html", {"form": CapForm(pack=pack_queries.pack_at(request.now))})


def _names(pack: Pack) -> dict[str, str]:
    """Return the names of fee items and positions."""
    return {item.key: item.label for item in pack.fees.items} | {p.key: p.label for p in pack.positions}


def _propose(request: Request) -> HttpResponse:
    form = CapForm(request.POST, pack=pack_queries.pack_at(request.now))
    if success := submit(form, lambda: proposals.propose_cap(**form.cleaned_data, by=request.actor, at=request.now)):
        messages.success(request, _("Proposed. It holds once a second officer has approved it."))
        return redirect("lawbook:cap-proposal", proposal_id=success.result)
    return page(request, "lawbook/cap_new.html", {"form": form}, status=422)


@access.requires(rules.enters_caps)
@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: Request, proposal_id: uuid.UUID) -> HttpResponse:
    """Show a proposed ceiling with what it touches; POST decides on it, or takes one's own back."""
    row = proposal_queries.proposal(proposal_id)
    own = row.proposed_by == request.actor.account_id
    if request.method == "POST" and request.POST.get("act") == "withdraw":
        proposals.withdraw_cap(proposal_id=proposal_id, by=request.actor, at=request.now)
        messages.success(request, _("Withdrawn."))
        return redirect("lawbook:caps")
    form = CapDecisionForm(request.POST or None)
    if submit(
        form,
        lambda: proposals.decide_cap(
            proposal_id=proposal_id,
            approve=form.cleaned_data["decision"] == "approve",
            why=form.cleaned_data["why"],
            by=request.actor,
            at=request.now,
        ),
    ):
        messages.success(request, _("Decided."))
        return redirect("lawbook:cap-proposal", proposal_id=proposal_id)
    names = _names(pack_queries.pack_at(request.now))
    context = {
        "row": row,
        "item": names.get(row.fee_item, row.fee_item),
        "position": names.get(row.position, row.position),
        "own": own,
        "impact": proposal_queries.impact_to_show(row),
        "form": form,
        "history": proposal_queries.life(row),
    }
    return page(request, "lawbook/cap_proposal.html", context, status=422 if form.errors else 200)


@access.requires(rules.enters_caps)
@require_safe
def cap(request: Request, cap_id: uuid.UUID) -> HttpResponse:
    """Show one ceiling with its life and the way to end it."""
    return page(request, "lawbook/cap.html", _cap_page(request, cap_id, EndForm()))


@access.requires(rules.enters_caps)
@require_POST
def ending(request: Request, cap_id: uuid.UUID) -> HttpResponse:
    """Propose the end of a ceiling."""
    form = EndForm(request.POST)
    if success := submit(
        form, lambda: proposals.propose_end(cap_id=cap_id, **form.cleaned_data, by=request.actor, at=request.now)
    ):
        messages.success(request, _("Proposed. It holds once a second officer has approved it."))
        return redirect("lawbook:cap-proposal", proposal_id=success.result)
    return page(request, "lawbook/cap.html", _cap_page(request, cap_id, form), status=422)


def _cap_page(request: Request, cap_id: uuid.UUID, form: Form) -> dict[str, Any]:
    return {
        "cap": cap_queries.cap(cap_id),
        "names": cap_queries.cap_names(cap_id, request.now),
        "history": cap_queries.cap_history(cap_id),
        "form": form,
    }
