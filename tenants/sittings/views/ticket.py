"""The admission ticket of a candidate."""

import uuid
from datetime import timedelta

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from kernel import access, names, paper, tenancy
from kernel.web.http import Request, page
from shared.institutions.queries import listing as institution_listing_queries
from shared.institutions.queries import organisations
from shared.policy.queries import packs as pack_queries

from ..queries import sittings as sitting_queries
from ..states import SittingState


@access.signed_in
@require_safe
def ticket(request: Request, candidacy_id: uuid.UUID) -> HttpResponse:
    """Show the admission ticket, to print or to show on a phone."""
    row, person = sitting_queries.ticket(candidacy_id, request.actor.person_id)
    pack = pack_queries.pack(row.sitting.policy)
    institution = institution_listing_queries.institution(tenancy.institution_id())
    context = {
        "row": row,
        "person": person,
        "position": pack.position(row.sitting.position).label,
        "institution": institution,
        "address": organisations.organisation(institution.organisation_id).address,
        "minutes": pack.paper.minutes,
        "rare": names.rare_characters(row.name),
        "void": row.sitting.state == SittingState.CANCELLED,
        "code": paper.qr_svg(row.ticket_no, error="m", scale=6),
        "entry_opens": row.sitting.starts_at - timedelta(minutes=pack.sitting.entry_opens_minutes),
        "latest": row.sitting.starts_at + timedelta(minutes=pack.sitting.late_entry_minutes),
    }
    return page(request, "sittings/ticket.html", context)
