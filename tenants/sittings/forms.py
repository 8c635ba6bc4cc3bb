"""Forms of the desk and of trainees for tests."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.conflicts import Difference
from kernel.web.forms import MomentField, ReasonField, RefusableForm, SharedForm
from shared.identity.queries.accounts import AccountValue
from tenants.rosters.queries.enrolments import Readiness

from .models.sittings import Room


class RoomForm(RefusableForm):
    """A test room."""

    name = forms.CharField(label=_("Name of the room"), max_length=60)
    place = forms.CharField(
        label=_("Where it is"), max_length=120, help_text=_("Building and floor, as on the ticket.")
    )
    seats = forms.IntegerField(label=pgettext_lazy("in a room", "Seats"), min_value=1, max_value=500)


class EditRoomForm(SharedForm, RoomForm):
    """A room that is there."""


class SittingForm(RefusableForm):
    """A sitting: what, where, when, who watches."""

    position = forms.ChoiceField(label=_("Position"))
    room = forms.ChoiceField(label=_("Room"))
    starts_at = MomentField(
        label=_("Begins at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Time in China. How long it takes is the policy's."),
    )
    chief = forms.ChoiceField(label=_("Chief proctor"))
    proctors = forms.MultipleChoiceField(
        label=_("Proctors"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Nobody watches over those they taught."),
    )

    def __init__(
        self,
        *args: Any,
        positions: Sequence[tuple[str, str]],
        rooms: Sequence[Room],
        chiefs: Sequence[AccountValue],
        proctors: Sequence[AccountValue],
        **kwargs: Any,
    ) -> None:
        """Offer what there is."""
        super().__init__(*args, **kwargs)
        self.set_choices("position", positions)
        self.set_choices("room", [(str(room.pk), f"{room.name} · {room.place} · {room.seats}") for room in rooms])
        self.set_choices("chief", [(str(account.id), account.name) for account in chiefs])
        self.set_choices("proctors", [(str(account.id), account.name) for account in proctors])

    def values(self) -> dict[str, Any]:
        """Return what the operation takes."""
        data = self.cleaned_data
        return {
            "position": data["position"],
            "room_id": uuid.UUID(data["room"]),
            "starts_at": data["starts_at"],
            "chief_id": uuid.UUID(data["chief"]),
            "proctor_ids": [uuid.UUID(key) for key in data["proctors"]],
        }


class ChiefForm(SharedForm):
    """Who takes over as chief proctor, and why; somebody else at the desk may have found one already."""

    chief = forms.ChoiceField(label=_("Takes over as chief proctor"))
    reason = ReasonField(rows=3, max_length=200, help_text=_("Kept with the sitting, and listed in its minutes."))

    def __init__(self, *args: Any, chiefs: Sequence[AccountValue], **kwargs: Any) -> None:
        """Offer the chief proctors of the institution."""
        super().__init__(*args, **kwargs)
        self.names = {str(account.id): account.name for account in chiefs}
        present = kwargs["stored"]["chief"]
        self.set_choices("chief", [(key, name) for key, name in self.names.items() if key != present])

    def texts(self, name: str, value: Any) -> dict[str, str | list[str]]:
        """Return nothing: who is chief now is not chosen again."""
        return {}

    def shown(self, name: str, difference: Difference) -> str:
        """Return the name of who took over meanwhile."""
        return self.names.get(difference.stored, "—")


class CandidatesForm(RefusableForm):
    """Whom to add to a sitting: only those who are ready can be chosen."""

    enrolments = forms.MultipleChoiceField(label=_("Ready for the test"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, ready: Sequence[tuple[uuid.UUID, Readiness]], **kwargs: Any) -> None:
        """Offer who is ready."""
        super().__init__(*args, **kwargs)
        self.set_choices("enrolments", [(str(key), readiness.name) for key, readiness in ready if readiness.ready])

    def keys(self) -> list[uuid.UUID]:
        """Return the enrolments chosen."""
        return [uuid.UUID(key) for key in self.cleaned_data["enrolments"]]
