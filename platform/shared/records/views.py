"""Files, by signed link only; the operator's first page."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kernel import access, clock
from kernel.http import Request, page

from . import operations, queries, rules

INLINE = ("image/", "application/pdf", "video/")


@access.public
def file(request: HttpRequest, link: str) -> FileResponse:
    """Send the file behind a signed link: shown in place if it is an image, PDF or video, else as an attachment."""
    row, stream = queries.file_behind(link)
    response = FileResponse(stream, as_attachment=not row.kind.startswith(INLINE), filename=row.name)
    response["Content-Type"] = row.kind
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=300"
    return response


@access.requires(rules.may_operate)
@require_GET
def operator(request: Request) -> HttpResponse:
    """Show who lives, what waits and what is stuck."""
    return page(request, "records/operator.html", {"health": queries.health(real=clock.real_now())})


@access.requires(rules.may_operate)
@require_POST
def again(request: Request, number: int) -> HttpResponse:
    """Give a stuck task a fresh start."""
    operations.try_again(number=number, by=request.actor, at=clock.real_now())
    messages.success(request, _("The task will be tried again at once."))
    return redirect("records:operator")
