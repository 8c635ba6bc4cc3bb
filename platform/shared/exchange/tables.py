"""Tables of messages out and in."""

from typing import Any

import django_tables2 as tables
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.columns import ShortTimeColumn, StateColumn
from kernel.money import Money
from kernel.tables import NUMBER, RowsTable, TimeColumn

from .models.messages import Arrival, Discrepancy, Message
from .queries import files as exchange_file_queries
from .queries import kinds
from .states import SYSTEMS


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
        return kinds.kind_label(record.system, record.kind)


class MessageTable(_MessageTable):
    """Messages out, each with its state and what went wrong."""

    title = tables.Column(verbose_name=_("About"), linkify=("exchange:message", {"message_id": tables.A("pk")}))
    state = StateColumn()
    fault = tables.Column(verbose_name=_("What went wrong"), default="")
    attempts = tables.Column(verbose_name=_("Times sent"), attrs=NUMBER)
    real_at = ShortTimeColumn(verbose_name=_("Asked for"))

    class Meta(_MessageTable.Meta):
        sequence = ("title", "system", "kind", "state", "...")
        empty_text = _("No messages here.")

    def render_attempts(self, value: int, record: Message) -> str | Promise:
        """Return how often it was sent; what nobody sent and has its answer has it by another way."""
        return str(value) if value or not record.answered_otherwise else _("none: answered by another way")

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
    state = StateColumn()
    as_of = ShortTimeColumn(verbose_name=_("As of"))
    received_at = ShortTimeColumn(verbose_name=_("Came in on"))

    class Meta(_MessageTable.Meta):
        sequence = ("key", "system", "kind", "state", "...")
        empty_text = _("Nothing has come in.")


class UploadTable(RowsTable):
    """Files of existing platforms that came in."""

    name = tables.Column(verbose_name=_("File"), linkify=("exchange:file", {"import_id": tables.A("pk")}))
    kind = tables.Column(verbose_name=_("What it holds"))
    rows_read = tables.Column(verbose_name=_("Rows"), accessor="rows", attrs=NUMBER)
    faulty = tables.Column(verbose_name=_("With faults"), attrs=NUMBER)
    state = tables.Column(verbose_name=_("State"))
    uploaded_at = TimeColumn(verbose_name=_("Came in on"))

    def render_kind(self, value: str) -> str:
        """Return what the file holds, in words."""
        return str(exchange_file_queries.file_kind(value).label)


class FileRowTable(RowsTable):
    """The rows of a file, each with what would become of it."""

    line = tables.Column(verbose_name=_("Row no."), attrs=NUMBER)
    key = tables.Column(verbose_name=_("Number"))
    outcome = tables.TemplateColumn(
        verbose_name=_("What would happen"), template_name="exchange/parts/row_state_cell.html"
    )
    faults = tables.TemplateColumn(verbose_name=_("Column"), template_name="exchange/parts/row_columns_cell.html")
    changes = tables.TemplateColumn(verbose_name=_("Why"), template_name="exchange/parts/row_why_cell.html")


class OfferTable(RowsTable):
    """Institutions on the list, for who looks where to enrol."""

    name = tables.Column(verbose_name=_("Institution"), linkify=("institutions:page", {"slug": tables.A("slug")}))
    position_names = tables.Column(verbose_name=_("Positions"))
    stars = tables.TemplateColumn(verbose_name=_("Stars"), template_name="exchange/parts/offer_stars_cell.html")
    lowest = tables.Column(verbose_name=_("Price from"), attrs=NUMBER, default="—")
    standing = tables.Column(verbose_name=_("Standing"))
    classes_url = tables.TemplateColumn(
        verbose_name=_("Open classes"), template_name="exchange/parts/offer_classes_cell.html"
    )

    class Meta:
        empty_text = _("No institution is on the list yet.")

    def render_position_names(self, value: tuple[str, ...]) -> str:
        """Return the positions in one line."""
        return " · ".join(value)

    def render_lowest(self, value: Money) -> str:
        """Return the amount as people write it."""
        return str(value)


class CentreArrivalTable(RowsTable):
    """What the training centre sent on, each with its answer."""

    key = tables.Column(verbose_name=_("Number"), accessor="row__key")
    received_at = TimeColumn(verbose_name=_("Came in on"), accessor="row__received_at")
    state = StateColumn(accessor="row__state", alike=())
    words = tables.Column(verbose_name=_("Answer"), empty_values=())

    def render_words(self, record: Any) -> str:
        """Return the answer, with the number of the enrolment that it made."""
        number = record.row.answer.get("enrolment")
        return f"{record.words} ({number})" if number else str(record.words)
