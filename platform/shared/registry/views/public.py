"""Public pages: notices and objections (policy part 2.1, 面向社会公示)."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import access, clock
from kernel.shared_pages import everybody
from kernel.web.callers import counted_as
from kernel.web.forms import submit
from kernel.web.http import Request, page
from kernel.web.repeats import once

from ..forms.public import ObjectionForm
from ..operations import publicity
from ..queries import editions as registry_editions
from ..queries import notices as registry_notices
from ..queries import pages as registry_pages


@access.public
@require_safe
@everybody(lambda: registry_editions.notices_rows())
def notice_list(request: Request) -> HttpResponse:
    """Show the notices that run, and those that have ended."""
    running = registry_notices.notice_rows(registry_notices.open_notices()[:200], request.now)
    ended_page = Paginator(registry_notices.past_notices(), 50).get_page(request.GET.get("page"))
    ended = registry_notices.notice_rows(ended_page.object_list, request.now)
    return page(request, "registry/notices.html", {"running": running, "ended": ended, "ended_page": ended_page})


@access.public
@require_http_methods(["GET", "HEAD", "POST"])
@once
def notice(request: Request, notice_id: uuid.UUID) -> HttpResponse:
    """Show a notice with its clock and what was declared; POST objects to it."""
    row = registry_notices.notice(notice_id)
    form = ObjectionForm(request.POST or None)
    if submit(
        form,
        lambda: publicity.file_objection(
            notice_id=row.pk,
            **form.cleaned_data,
            source=counted_as(request),
            real=clock.real_now(),
            at=request.now,
            by=request.actor,
        ),
    ):
        messages.success(request, _("Your objection has reached the authority. Its decision will be shown here."))
        return redirect("registry:notice", notice_id=row.pk)
    context = vars(registry_pages.notice_page(row, request.now))
    visible_form = form if context["open"] else None
    return page(request, "registry/notice.html", context | {"form": visible_form}, status=422 if form.errors else 200)
