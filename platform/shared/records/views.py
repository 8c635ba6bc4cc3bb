"""Files, by signed link only; the operator's first page."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel import access, clock, crypto
from kernel.web import ranges
from kernel.web.http import Request, address, page

from . import operations, queries, rules

INLINE = ("image/", "application/pdf", "video/")


@access.public
def file(request: HttpRequest, link: str) -> HttpResponseBase:
    """Send the file behind a signed link, or a range of it: an image, PDF or video in place, else as an attachment."""
    row, stream = queries.open_signed_file(link)
    response = ranges.respond(request, stream, size=row.size, tag=f'"{row.sha256}"', kind=row.kind)
    disposition = content_disposition_header(not row.kind.startswith(INLINE), row.name)
    response["Content-Disposition"] = disposition or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=300" if row.visibility == row.Visibility.PUBLIC else "no-store"
    return response


@access.requires(rules.operates)
@require_safe
def keys(request: Request) -> HttpResponse:
    """Show under which data keys personal values lie, and which key may be taken away."""
    uses = queries.key_uses()
    versions = sorted(settings.NUOXING_DATA_KEYS)
    idle = [v for v in versions if v != crypto.sealing_version() and v not in {use.version for use in uses}]
    return page(
        request, "records/keys.html", {"uses": uses, "held": versions, "now": crypto.sealing_version(), "idle": idle}
    )


@access.requires(rules.operates)
@require_POST
def retry(request: Request, number: int) -> HttpResponse:
    """Give a stuck task a fresh start."""
    operations.retry_task(number=number, by=request.actor, at=clock.real_now())
    messages.success(request, _("The task will be tried again at once."))
    return redirect(address("operator"))
