"""To-dos of institutions: a principal whose institution may not do everything any more."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import UUIDField
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import Actor
from kernel.db.statements import Bind, Figure, Statement
from kernel.todos import Todo, only_if

from .. import rules
from ..models import Institution
from ..states import DESCRIPTIONS, STANDING, Standing

_RESTRICTED = Statement(
    lambda: (
        Institution.objects.filter(
            organisation_id__any_of=Bind("ids", UUIDField(), many=True),
            organisation__state__in=(Standing.SUSPENDED, Standing.REMOVED),
        )
        .select_related("organisation")
        .order_by("name_key", "id")
    )
)


def _led_by(actor: Actor) -> list[uuid.UUID]:
    return [uuid.UUID(scope) for scope in rules.leads.scopes(actor) if scope]


def _signs(actor: Actor, at: datetime) -> list[Figure]:
    ids = _led_by(actor)
    return [_RESTRICTED.exists(ids=ids)] if ids else []


@only_if(_signs)
def for_principal(actor: Actor, at: datetime) -> Iterable[Todo]:
    """Yield the institutions of a principal that an authority has suspended or removed, with what that means."""
    ids = _led_by(actor)
    for row in _RESTRICTED.fetch(ids=ids) if ids else []:
        state = Standing(row.organisation.state)
        title = _("%(name)s: %(standing)s") % {"name": row.name, "standing": state.label}
        url = reverse("institutions:page", settings.PUBLIC_SCHEMA_URLCONF, kwargs={"slug": row.slug})
        tone = str(STANDING.tone(state))
        yield Todo(title, url, _("See the decision"), DESCRIPTIONS[state], tone=tone, icon="alert-triangle")
