"""One's own inbox, and the outbox of messages."""

import uuid

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from kernel import access
from kernel.errors import NotFound
from kernel.web.http import Request, page

from . import adapters, operations, queries, rules

PAGE = 50


@access.signed_in
@never_cache
def inbox(request: Request) -> HttpResponse:
    """Show one's own notices."""
    notices = Paginator(queries.inbox(request.actor), PAGE).get_page(request.GET.get("page"))
    context = {"page": notices, "notices": queries.notice_values(notices), "unread": queries.unread(request.actor)}
    return page(request, "notices/inbox.html", context)


@access.signed_in
def open_notice(request: Request, notice_id: uuid.UUID) -> HttpResponseBase:
    """Mark a notice as read and lead to its page."""
    row = operations.mark_read(notice_id=notice_id, by=request.actor, at=request.now)
    return redirect(row.path or "notices:inbox")


@access.signed_in
def read_all(request: Request) -> HttpResponseBase:
    """Mark all as read."""
    if request.method == "POST":
        operations.mark_all_read(by=request.actor, at=request.now)
    return redirect("notices:inbox")


def _outbox(request: Request) -> HttpResponse:
    search = request.GET.get("q", "").strip()
    rows = Paginator(queries.outbox(search), PAGE).get_page(request.GET.get("page"))
    shown = adapters.shows_messages()
    context = {"page": rows, "mails": queries.messages(rows, whole=shown), "search": search, "shown": shown}
    return page(request, "notices/outbox.html", context)


@access.requires(rules.operates)
@never_cache
def outbox(request: Request) -> HttpResponse:
    """Show the operator what was sent; whole only in a demonstration, or where one tries things out."""
    return _outbox(request)


@access.public
@never_cache
def demo_outbox(request: Request) -> HttpResponse:
    """Show everybody the messages of a demonstration, so that codes can be read; nothing anywhere else."""
    if not settings.NUOXING_DEMO:
        raise NotFound
    return _outbox(request)
