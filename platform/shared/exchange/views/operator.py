"""Pages of the operator and the province: each system's state, every message, every difference."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kernel import access, clock
from kernel.tables import paged
from kernel.web.forms import submit
from kernel.web.http import Request, page

from .. import rules
from ..filters import ArrivalFilter, MessageFilter
from ..forms import GiveUpForm, ResendForm, ResolveForm
from ..models.messages import Arrival, Message
from ..operations import messages as exchange_messages
from ..operations import reconciling
from ..queries import kinds
from ..queries import messages as exchange_message_queries
from ..queries import pages as exchange_pages
from ..states import OPEN, SYSTEMS, MessageState
from ..tables import ArrivalTable, AuthorityMessageTable, MessageTable


@access.requires(rules.operates)
@require_safe
def systems(request: Request) -> HttpResponse:
    """Show every named system: whose it is, what waits, what is stuck."""
    return page(request, "exchange/systems.html", {"health": exchange_message_queries.health()})


@access.requires(rules.operates)
@require_safe
def message_list(request: Request) -> HttpResponse:
    """List the messages out."""
    filtered = MessageFilter(request.GET, queryset=exchange_message_queries.messages(request.actor))
    table = MessageTable(filtered.qs)
    paged(request, table)
    return page(request, "exchange/messages.html", {"filter": filtered, "table": table})


@access.requires(rules.operates)
@require_safe
def message(request: Request, message_id: uuid.UUID) -> HttpResponse:
    """Show one message with its life and what was sent, personal values masked."""
    return page(request, "exchange/message.html", _message(request, message_id) | _forms(request, message_id))


def _message(request: Request, message_id: uuid.UUID) -> dict[str, Any]:
    return _facts(exchange_message_queries.message(request.actor, message_id))


def _facts(row: Message | Arrival) -> dict[str, Any]:
    return {
        "row": row,
        "system": SYSTEMS[row.system],
        "kind": kinds.kind_label(row.system, row.kind),
        "history": exchange_message_queries.life(row),
        "payload": exchange_pages.as_lines(row.payload),
        "answer": exchange_pages.as_lines(row.answer),
    }


def _forms(request: Request, message_id: uuid.UUID) -> dict[str, Any]:
    row = exchange_message_queries.message(request.actor, message_id)
    kind = kinds.outbound_kind(row.system, row.kind)
    elsewhere = row.state == MessageState.REFUSED and kind is not None and not kind.resendable
    return {
        "resend_form": ResendForm() if row.state != MessageState.SETTLED and not elsewhere else None,
        "give_up_form": GiveUpForm() if row.state in OPEN else None,
        "elsewhere": elsewhere,
    }


@access.requires(rules.operates)
@require_POST
def resend(request: Request, message_id: uuid.UUID) -> HttpResponse:
    """Send a message again, or at once."""
    form = ResendForm(request.POST)
    if submit(
        form,
        lambda: exchange_messages.send_again(
            message_id=message_id, **form.cleaned_data, by=request.actor, at=request.now, real=clock.real_now()
        ),
    ):
        messages.success(request, _("It will be sent at once."))
        return redirect("exchange:message", message_id=message_id)
    context = _message(request, message_id) | _forms(request, message_id) | {"resend_form": form}
    return page(request, "exchange/message.html", context, status=422)


@access.requires(rules.operates)
@require_POST
def give_up(request: Request, message_id: uuid.UUID) -> HttpResponse:
    """Give a message up."""
    form = GiveUpForm(request.POST)
    if submit(
        form,
        lambda: exchange_messages.give_up(message_id=message_id, **form.cleaned_data, by=request.actor, at=request.now),
    ):
        messages.success(request, _("Given up. An answer that still comes will be taken."))
        return redirect("exchange:message", message_id=message_id)
    context = _message(request, message_id) | _forms(request, message_id) | {"give_up_form": form}
    return page(request, "exchange/message.html", context, status=422)


@access.requires(rules.operates)
@require_safe
def arrival_list(request: Request) -> HttpResponse:
    """List the messages in."""
    filtered = ArrivalFilter(request.GET, queryset=exchange_message_queries.arrivals(request.actor))
    table = ArrivalTable(filtered.qs)
    paged(request, table)
    return page(request, "exchange/arrivals.html", {"filter": filtered, "table": table})


@access.requires(rules.operates)
@require_safe
def arrival(request: Request, arrival_id: uuid.UUID) -> HttpResponse:
    """Show one message in, with its life and the answer that was sent back."""
    return page(request, "exchange/arrival.html", _facts(exchange_message_queries.arrival(request.actor, arrival_id)))


# --- Both lists ---------------------------------------------------------------------------------------------


@access.requires(rules.operates)
@require_safe
def discrepancies(request: Request) -> HttpResponse:
    """Show where the lists of both sides differ, and when they were compared last."""
    context = {
        "discrepancies": exchange_pages.discrepancy_views(),
        "reconciliations": (rounds := exchange_pages.reconciliations()),
        "uncompared": exchange_pages.uncompared(rounds),
        "form": ResolveForm(),
    }
    return page(request, "exchange/discrepancies.html", context)


@access.requires(rules.operates)
@require_POST
def comparison(request: Request) -> HttpResponse:
    """Compare all lists now."""
    count = reconciling.reconcile_all(at=request.now, real=clock.real_now())
    message = ngettext("Compared: %(n)s line differs.", "Compared: %(n)s lines differ.", count)
    messages.success(request, message % {"n": count})
    return redirect("exchange:discrepancies")


@access.requires(rules.operates)
@require_POST
def resolution(request: Request, discrepancy_id: uuid.UUID) -> HttpResponse:
    """Settle a difference."""
    form = ResolveForm(request.POST)
    if submit(
        form,
        lambda: reconciling.resolve(
            discrepancy_id=discrepancy_id,
            **form.cleaned_data,
            by=request.actor,
            at=request.now,
            real=clock.real_now(),
        ),
    ):
        messages.success(request, _("Settled, with your reason."))
        return redirect("exchange:discrepancies")
    context = {
        "discrepancies": exchange_pages.discrepancy_views(),
        "reconciliations": (rounds := exchange_pages.reconciliations()),
        "uncompared": exchange_pages.uncompared(rounds),
        "form": form,
        "wrong": discrepancy_id,
    }
    return page(request, "exchange/discrepancies.html", context, status=422)


# --- An authority that reads ----------------------------------------------------------------------------------


@access.requires(rules.oversees)
@require_safe
def authority_list(request: Request) -> HttpResponse:
    """Show an authority what was sent to outside systems about its own institutions."""
    filtered = MessageFilter(request.GET, queryset=exchange_message_queries.messages(request.actor))
    table = AuthorityMessageTable(filtered.qs)
    paged(request, table)
    return page(request, "exchange/messages.html", {"filter": filtered, "table": table, "reading": True})


@access.requires(rules.oversees)
@require_safe
def authority_detail(request: Request, message_id: uuid.UUID) -> HttpResponse:
    """Show an authority one message, to read."""
    return page(request, "exchange/message.html", _message(request, message_id) | {"reading": True})
