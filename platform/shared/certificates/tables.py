"""Certificates as lists."""

from typing import Any

import django_tables2 as tables
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.clock import legal_day
from kernel.columns import ShortDayColumn, ShortTimeColumn, StateColumn
from kernel.idnumbers import mask_name

from .queries import rows as certificate_rows


class CertificateTable(tables.Table):
    """Number, holder (masked), position, state."""

    number = tables.Column(verbose_name=_("Certificate number"), empty_values=())
    holder = tables.Column(verbose_name=_("Holder"))
    position = tables.Column(verbose_name=_("Position"))
    issued_on = ShortDayColumn(verbose_name=_("Day of issue"))
    version = tables.Column(verbose_name=_("Version"), attrs={"td": {"class": "nx-num"}, "th": {"class": "nx-num"}})
    state = StateColumn()
    state_since = ShortTimeColumn(verbose_name=_("In this state since"))

    class Meta:
        empty_text = _("No certificates here.")
        orderable = False
        per_page = 50

    def render_number(self, record: certificate_rows.CertificateLine) -> str | Promise:
        """Return the number, or the word for having none yet."""
        return record.number or _("no number yet")

    def render_holder(self, value: str) -> str:
        """Return the masked name."""
        return mask_name(value)

    def render_position(self, record: certificate_rows.CertificateLine) -> str:
        """Return the position's name."""
        return certificate_rows.position_name(record)

    def render_version(self, value: int) -> str:
        """Return the version, a dash before the first."""
        return str(value or "—")

    def value_state_since(self, record: certificate_rows.CertificateLine) -> Any:
        """Return the legal day, for exports."""
        return legal_day(record.state_since)


class AuthorityTable(CertificateTable):
    """The same on the officer's desk, with institutions and the way to each certificate."""

    number = tables.Column(
        verbose_name=_("Certificate number"),
        empty_values=(),
        linkify=("certificates:authority-detail", {"certificate_id": tables.A("pk")}),
    )
    institution = tables.Column(verbose_name=_("Training institution"), accessor="institution_name")

    class Meta(CertificateTable.Meta):
        sequence = ("number", "holder", "position", "institution", "...")
