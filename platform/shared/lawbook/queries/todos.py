"""To-dos of those who write the law: drafts to decide on, drafts to correct."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from kernel.todos import Todo, only_if

from ..states import DraftState
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
