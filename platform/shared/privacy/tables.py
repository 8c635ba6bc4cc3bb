"""Who looked, what is to be corrected, incidents and deletions as lists."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel.roles import Role
from kernel.tables import NUMBER, DayColumn, RowsTable, TimeColumn
from kernel.templatetags.nuoxing import china_date

from .queries.subject_data import Reveal

SYSTEM = "system"  # whom the audit writes down where the platform itself acted


class OwnRevealTable(RowsTable):
    """Looks at the reader's own whole document number."""

    at = TimeColumn(verbose_name=_("When"))
    actor_name = tables.Column(verbose_name=pgettext_lazy("who looked", "Who"))
    why = tables.Column(verbose_name=_("Why"))

    def render_actor_name(self, value: str, record: Reveal) -> str:
        """Return who looked; the platform itself in the reader's language."""
        return gettext("The platform") if record.acting_as == SYSTEM else value

    def render_why(self, value: str, record: Reveal) -> str:
        """Return the reason as it was given; the platform's own in the reader's language."""
        return gettext(value) if record.acting_as == SYSTEM else value


class RevealTable(OwnRevealTable):
    """Looks at anybody's whole document number, for who handles personal data."""

    acting_as = tables.Column(verbose_name=_("As"))
    person_id = tables.Column(verbose_name=_("Of whom"))

    class Meta:
        sequence = ("at", "actor_name", "acting_as", "person_id", "why")

    def render_acting_as(self, value: str) -> str:
        """Return the role in words."""
        if value == SYSTEM:
            return gettext("The platform")
        return str(Role(value).label) if value in Role.values else gettext("The person")

    def render_person_id(self, value: Any) -> str:
        """Return the person's key as a code."""
        return format_html("<code>{}</code>", value)


class CorrectionTable(RowsTable):
    """Requests for correction at a desk."""

    number = tables.Column(verbose_name=_("Number"), linkify=("privacy:correction", {"correction_id": tables.A("id")}))
    field = tables.Column(verbose_name=_("What to correct"))
    asked_at = TimeColumn(verbose_name=_("Asked"))
    due_on = DayColumn(verbose_name=_("Due"))
    label = tables.TemplateColumn(verbose_name=_("State"), template_name="privacy/parts/correction_cell.html")


class BreachTable(RowsTable):
    """Incidents with personal data."""

    number = tables.Column(verbose_name=_("Number"), linkify=("privacy:breach", {"breach_id": tables.A("id")}))
    title = tables.Column(verbose_name=_("What happened"))
    noticed_at = TimeColumn(verbose_name=_("Noticed"))
    authority_due_at = TimeColumn(verbose_name=_("Authority to be notified by"))
    severity = tables.Column(verbose_name=_("Severity"), default="—")
    state = tables.Column(verbose_name=_("State"))


class DeletionTable(RowsTable):
    """The log of the deleting jobs."""

    ran_at = TimeColumn(verbose_name=_("When"))
    kind = tables.Column(verbose_name=_("Kind"))
    cause = tables.Column(verbose_name=_("Why"))
    first_at = tables.Column(verbose_name=_("From – to"))
    count = tables.Column(verbose_name=_("Rows"), attrs=NUMBER)
    files = tables.Column(verbose_name=_("Files"), attrs=NUMBER)
    policy = tables.Column(verbose_name=_("By"))
    digest = tables.Column(verbose_name="SHA-256")

    def render_first_at(self, record: Any) -> str:
        """Return the days of the first and the last row."""
        return f"{china_date(record.first_at)} – {china_date(record.last_at)}"

    def render_digest(self, value: str) -> str:
        """Return the digest's beginning."""
        return format_html("<code>{}</code>", value[:12])
