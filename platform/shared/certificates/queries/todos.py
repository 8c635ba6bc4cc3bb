"""To-do entries of officers on their landing page."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.access import Actor
from kernel.todos import Todo, only_if

from .. import rules
from .rows import any_refused, refused_count


def _page(name: str, *args: object) -> str:
    return reverse(name, args=args, urlconf=settings.PUBLIC_SCHEMA_URLCONF)


@only_if(lambda actor, at: [any_refused()] if rules.decides(actor) else [])
def refused(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Return that results of an officer's institutions were not accepted by the ministry's system."""
    count = refused_count(actor) if rules.decides(actor) else 0
    if count:
        yield Todo(
            ngettext("Settle %(n)s result without a number", "Settle %(n)s results without a number", count)
            % {"n": count},
            _page("certificates:authority-list") + "?state=refused",
            _("Have a look"),
            _("The ministry's system did not accept it; its words are on the page."),
            tone="bad",
            icon="certificate",
        )
