"""Commitments as lists."""

from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.clock import legal_day
from kernel.columns import PartColumn, ShortDayColumn, StateColumn
from shared.policy.queries import authorities

from .models.commitments import Commitment
from .states import Kind

PAGES = {Kind.NEW: "verification", Kind.SELF_CHECK: "self-check"}


class CommitmentTable(tables.Table):
    """What was ever submitted within an office."""

    name = tables.Column(
        verbose_name=_("Organisation"),
        accessor="applicant_name",
        linkify=lambda record: reverse(f"registry:{PAGES[Kind(record.kind)]}", args=[record.pk]),
    )
    kind = tables.Column(verbose_name=_("Kind"))
    authority_code = tables.Column(verbose_name=_("Authority"))
    version = tables.Column(verbose_name=_("Version"), attrs={"td": {"class": "nx-num"}, "th": {"class": "nx-num"}})
    submitted_at = ShortDayColumn(verbose_name=pgettext_lazy("day", "Submitted"))
    due_on = PartColumn(verbose_name=_("Verification due"), template_name="registry/parts/due_cell.html")
    state = StateColumn()

    class Meta:
        model = Commitment
        fields = ()
        sequence = ("name", "authority_code", "kind", "version", "submitted_at", "due_on", "state")
        empty_text = _("Nothing has been submitted here yet.")

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        """Learn the authorities' names, and what day it is: what was due before it is red."""
        super().__init__(*args, **kwargs)
        self.offices = {a.code: a.office_label for a in authorities.authorities()}
        self.today = legal_day(at)

    def render_authority_code(self, value: str) -> str:
        """Return the authority's name."""
        return self.offices.get(value, value)
