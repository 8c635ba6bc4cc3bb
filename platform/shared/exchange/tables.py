"""Tables of messages out and in."""

import django_tables2 as tables
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import queries
from .models import Arrival, Discrepancy, Message
from .states import INBOUND_TONES, MESSAGE_TONES, SYSTEMS

NUMBER = {"td": {"class": "nx-num"}, "th": {"class": "nx-num"}}
BADGE = "exchange/parts/state_cell.html"


class _MessageTable(tables.Table):
    system = tables.Column(verbose_name=_("Outside system"))
    kind = tables.Column(verbose_name=_("Kind of message"))

    class Meta:
        orderable = False
        per_page = 50

    def render_system(self, value: str) -> str | Promise:
        """Return the system's name."""
        return SYSTEMS[value].name if value in SYSTEMS else value

    def render_kind(self, record: Message | Arrival | Discrepancy) -> str | Promise:
        """Return the kind in words."""
        return queries.kind_label(record.system, record.kind)


class MessageTable(_MessageTable):
    """Messages out, each with its state and what went wrong."""

    title = tables.Column(verbose_name=_("About"), linkify=("exchange:message", {"message_id": tables.A("pk")}))
    state = tables.TemplateColumn(verbose_name=_("State"), template_name=BADGE, extra_context={"tones": MESSAGE_TONES})
    fault = tables.Column(verbose_name=_("What went wrong"), default="")
    attempts = tables.Column(verbose_name=_("Times sent"), attrs=NUMBER)
    real_at = tables.DateTimeColumn(verbose_name=_("Asked for"), short=True)

    class Meta(_MessageTable.Meta):
        sequence = ("title", "system", "kind", "state", "...")
        empty_text = _("No messages here.")

    def render_fault(self, value: str) -> str | Promise:
        """Return a fault in words."""
        return _("not connected here") if value == "not-connected" else value


class AuthorityMessageTable(MessageTable):
    """The same for an authority that reads."""

    title = tables.Column(
        verbose_name=_("About"), linkify=("exchange:authority-detail", {"message_id": tables.A("pk")})
    )


class ArrivalTable(_MessageTable):
    """Messages in, each with what became of it."""

    key = tables.Column(verbose_name=_("Number"), linkify=("exchange:arrival", {"arrival_id": tables.A("pk")}))
    state = tables.TemplateColumn(verbose_name=_("State"), template_name=BADGE, extra_context={"tones": INBOUND_TONES})
    as_of = tables.DateTimeColumn(verbose_name=_("As of"), short=True)
    received_at = tables.DateTimeColumn(verbose_name=_("Came in on"), short=True)

    class Meta(_MessageTable.Meta):
        sequence = ("key", "system", "kind", "state", "...")
        empty_text = _("Nothing has come in.")
