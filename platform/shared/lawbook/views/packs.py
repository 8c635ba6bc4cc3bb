"""Public pages of policy packs: in force, past and to come."""

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from kernel import access
from kernel.shared_pages import everybody
from kernel.web.http import Request, page
from shared.policy.queries import caps as cap_queries
from shared.policy.queries import editions as policy_editions
from shared.policy.queries import packs as pack_queries

from ..queries import drafts as lawbook_drafts
from ..queries import pages as lawbook_pages
from ..tables import CapTable
from .files import pack_file


@access.public
@require_safe
@everybody(lambda: (*policy_editions.law_rows(), *policy_editions.ceiling_rows()))
def pack(request: Request) -> HttpResponse:
    """Show the rules in force, each with its source, and the ceilings of the day."""
    pack = pack_queries.pack_at(request.now)
    context = {
        "pack": pack,
        "hours": [(p, pack.hours(p.key), pack.eligibility.admission(p.admission)) for p in pack.certifiable],
        "educations": [(e, pack.eligibility.level_of(e)) for e in pack.eligibility.educations],
        "matrix": pack.eligibility.matrix_lines(),
        "caps": CapTable(cap_queries.caps(request.now), pack=pack),
        "standings": lawbook_drafts.standings(pack.jurisdiction, request.now),
    }
    return page(request, "lawbook/pack.html", context)


@access.public
@require_safe
@everybody(lambda version: policy_editions.law_rows())
def pack_version(request: Request, version: str) -> HttpResponse:
    """Show one version of the law, what it changed, and where it stands today."""
    row = lawbook_pages.version_in(settings.NUOXING_JURISDICTION, version)
    return page(request, "lawbook/pack_version.html", lawbook_pages.version_page(row, request.now))


@access.public
@require_safe
def pack_version_file(request: Request, version: str) -> HttpResponse:
    """Give one version of the law as a file."""
    row = lawbook_pages.version_in(settings.NUOXING_JURISDICTION, version)
    return pack_file(lawbook_pages.text(row.version), row.version)
