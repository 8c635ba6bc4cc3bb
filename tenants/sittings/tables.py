"""Sittings and candidates as lists."""

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel.columns import PartColumn, ShortTimeColumn, StateColumn
from shared.policy.queries import packs as pack_queries
from shared.policy.values.pack import Pack

from .models.sittings import Room, Sitting
from .queries.sittings import Candidate

NUMBER = {"td": {"class": "nx-num"}, "th": {"class": "nx-num"}}


class SittingTable(tables.Table):
    """Sittings, newest first."""

    number = tables.Column(verbose_name=_("Number"), linkify=("sittings:sitting", {"sitting_id": tables.A("pk")}))
    position = tables.Column(verbose_name=_("Position"))
    room = tables.Column(verbose_name=_("Room"), accessor="room__name")
    starts_at = ShortTimeColumn(verbose_name=_("Begins at"))
    candidate_count = tables.Column(verbose_name=_("Candidates"), attrs=NUMBER)
    state = StateColumn()

    class Meta:
        model = Sitting
        fields = ("number", "position", "room", "starts_at", "candidate_count", "state")
        orderable = False
        empty_text = _("No sittings yet.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Remember the policy packs met, so that each is asked for once."""
        super().__init__(*args, **kwargs)
        self._packs: dict[str, Pack] = {}

    def render_position(self, record: Sitting) -> str:
        """Return the position's name."""
        if record.policy not in self._packs:
            self._packs[record.policy] = pack_queries.pack(record.policy)
        return self._packs[record.policy].position(record.position).label


class RoomTable(tables.Table):
    """Test rooms."""

    name = tables.Column(verbose_name=_("Room"), linkify=("sittings:room-editing", {"room_id": tables.A("pk")}))
    place = tables.Column(verbose_name=_("Where it is"))
    seats = tables.Column(verbose_name=pgettext_lazy("in a room", "Seats"), attrs=NUMBER)
    withdraw = PartColumn(verbose_name="", template_name="sittings/parts/room_cell.html", empty_values=())

    class Meta:
        model = Room
        fields = ("name", "place", "seats", "withdraw")
        orderable = False
        empty_text = _("No test room yet.")


class CandidateTable(tables.Table):
    """The candidates of one sitting."""

    seat = tables.Column(verbose_name=_("Seat"), attrs=NUMBER)
    ticket_no = tables.Column(verbose_name=_("Ticket"))
    name = tables.Column(verbose_name=_("Name"))
    masked_id = tables.Column(verbose_name=_("Document"))
    state_label = tables.Column(verbose_name=_("State"))
    points = tables.Column(verbose_name=_("Points"), attrs=NUMBER)
    remove = PartColumn(verbose_name="", template_name="sittings/parts/candidate_cell.html", empty_values=())

    class Meta:
        orderable = False
        empty_text = _("Nobody is on the list yet.")

    def __init__(self, data: list[Candidate], *, removable: bool, **kwargs: Any) -> None:
        """Leave out the last column where nobody can be taken off."""
        super().__init__(data, exclude=() if removable else ("remove",), **kwargs)

    def render_points(self, record: Candidate) -> str:
        """Return the points, and whether that is a pass."""
        if not record.points:
            return "—"
        outcome = gettext("passed") if record.passed else gettext("not passed")
        return f"{record.points} · {outcome}"
