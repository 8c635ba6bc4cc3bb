"""Public pages of policy packs: in force, past and to come."""

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from kernel import access
from kernel.http import Request, page
from kernel.shared_pages import everybody

from .. import queries
from ..tables import CapTable
from .files import pack_file


@access.public
@require_GET
@everybody(lambda: (*queries.law_rows(), *queries.ceiling_rows()))
def pack(request: Request) -> HttpResponse:
    """Show the rules in force, each with its source, and the ceilings of the day."""
    pack = queries.pack_at(request.now)
    context = {
        "pack": pack,
        "hours": [(p, pack.hours(p.key), pack.eligibility.admission(p.admission)) for p in pack.certifiable],
        "educations": [(e, pack.eligibility.level_of(e)) for e in pack.eligibility.educations],
        "matrix": pack.eligibility.matrix_lines(),
        "caps": CapTable(queries.caps(request.now), pack=pack),
        "standings": queries.standings(pack.jurisdiction, request.now),
    }
    return page(request, "policy/pack.html", context)


@access.public
@require_GET
@everybody(lambda version: queries.law_rows())
def pack_version(request: Request, version: str) -> HttpResponse:
    """Show one version of the law, what it changed, and where it stands today."""
    row = queries.version_in(settings.NUOXING_JURISDICTION, version)
    return page(request, "policy/pack_version.html", queries.version_page(row, request.now))


@access.public
@require_GET
def pack_version_file(request: Request, version: str) -> HttpResponse:
    """Give one version of the law as a file."""
    row = queries.version_in(settings.NUOXING_JURISDICTION, version)
    return pack_file(queries.text(row.version), row.version)
