"""To-dos of those who write the law: drafts to decide on or to correct, ceilings to decide on."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from kernel.todos import Todo, only_if

from ..states import DraftState
from . import caps as lawbook_caps
from . import drafts as lawbook_drafts


@only_if(lawbook_drafts.signs_of_waiting)
def drafts_to_decide(by: Actor, at: datetime) -> Iterator[Todo]:
    """Yield the drafts of the next version that wait for this officer: to decide on, or to correct."""
    for row in lawbook_drafts.drafts_waiting_for(by):
        page = reverse("lawbook:draft", args=[row.pk], urlconf=settings.PUBLIC_SCHEMA_URLCONF)
        if row.state == DraftState.SUBMITTED:
            detail = str(_("Submitted by %(name)s. Whoever wrote nothing in it decides.")) % {"name": row.last_author}
            title, button = _("Decide on a draft of the rules"), _("Look and decide")
        else:
            detail = str(_("A second officer has returned it with a reason."))
            title, button = _("Correct a draft of the rules"), _("Correct")
        yield Todo(title, page, button, detail, tone="warn", icon="scale")


@only_if(lawbook_caps.signs_of_proposals)
def ceilings_to_decide(by: Actor, at: datetime) -> Iterator[Todo]:
    """Yield the proposed ceilings, and ends of ceilings, that wait for this officer as the second."""
    for row in lawbook_caps.proposals_to_decide(by):
        page = reverse("lawbook:cap-proposal", args=[row.pk], urlconf=settings.PUBLIC_SCHEMA_URLCONF)
        title = _("Decide on the end of a ceiling") if row.cap_id else _("Decide on a proposed ceiling")
        detail = str(_("Proposed by %(name)s. Another officer decides.")) % {"name": row.proposed_name}
        yield Todo(title, page, _("Look and decide"), detail, tone="warn", icon="coin")
