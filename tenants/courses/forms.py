"""Programmes, lessons, classes, attendance and corrections as staff enter them."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.conflicts import Difference
from kernel.roles import Role
from kernel.web.forms import DayField, ReasonField, RefusableForm, SharedForm
from shared.identity.queries.accounts import AccountValue
from shared.policy.values.shapes.admission import Position

from .models import Participant, Programme
from .states import LessonKind


def day_field(label: Any, **rest: Any) -> DayField:
    """Return a field for a day."""
    return DayField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **rest)


class ProgrammeForm(RefusableForm):
    """A programme for a position; hours default to the policy's."""

    position = forms.ChoiceField(label=_("Position"))
    title = forms.CharField(label=_("Title"), max_length=120)
    class_hours = forms.IntegerField(
        label=_("Class hours"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_("Empty: as the policy asks for."),
    )

    def __init__(self, *args: Any, positions: list[Position], **kwargs: Any) -> None:
        """Offer the positions that may be trained for here."""
        super().__init__(*args, **kwargs)
        self.set_choices("position", [(position.key, position.label) for position in positions])


class EditProgrammeForm(SharedForm):
    """A programme that is there."""

    title = forms.CharField(label=_("Title"), max_length=120)
    class_hours = forms.IntegerField(label=_("Class hours"), min_value=1, max_value=1000)


class LessonForm(RefusableForm):
    """A lesson at the end of a programme."""

    title = forms.CharField(label=_("Title"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=LessonKind.choices)
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=1, max_value=600, help_text=_("The most that the lesson is credited with.")
    )
    body = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("The text of a reading lesson, or notes below a video."),
    )
    video = forms.FileField(label=_("Video"), required=False, help_text=_("MP4 or WebM, at most 1 GB."))


class PlaceForm(RefusableForm):
    """Where a lesson is to stand, and where the page showed it."""

    place = forms.IntegerField(min_value=1, max_value=10_000)
    seen = forms.IntegerField(required=False, min_value=1, max_value=10_000)


class EditLessonForm(SharedForm, LessonForm):
    """A lesson that is there."""

    def shown(self, name: str, difference: Difference) -> str:
        """Return the other's value in words."""
        if name == "video":
            return str(_("another video"))
        return str(LessonKind(difference.stored).label) if name == "kind" else super().shown(name, difference)


class ClassForm(RefusableForm):
    """A class of a programme."""

    programme = forms.ChoiceField(label=_("Programme"))
    name = forms.CharField(label=_("Name of the class"), max_length=80)
    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"))
    capacity = forms.IntegerField(label=_("Seats"), min_value=1, max_value=500, initial=30)
    place = forms.CharField(label=_("Classroom"), max_length=120, required=False)
    teacher = forms.ChoiceField(label=_("Teacher"), required=False)

    def __init__(self, *args: Any, programmes: list[Programme], teachers: list[AccountValue], **kwargs: Any) -> None:
        """Offer the programmes and teachers of this institution."""
        super().__init__(*args, **kwargs)
        self.teachers = {str(account.id): account for account in teachers}
        self.set_choices("programme", [(str(row.pk), row.title) for row in programmes])
        self.set_choices(Role.TEACHER, [("", "—"), *((key, account.name) for key, account in self.teachers.items())])

    def values(self) -> dict[str, Any]:
        """Return what `operations.plan_class` takes."""
        data = dict(self.cleaned_data)
        teacher = self.teachers.get(data.pop(Role.TEACHER))
        return data | {
            "programme_id": uuid.UUID(data.pop("programme")),
            Role.TEACHER: teacher.id if teacher else None,
            "teacher_name": teacher.name if teacher else "",
        }


class EditClassForm(SharedForm, ClassForm):
    """A class that is there."""

    def shown(self, name: str, difference: Difference) -> str:
        """Return the other's value in words."""
        if name == Role.TEACHER and (account := self.teachers.get(difference.stored)):
            return account.name
        return super().shown(name, difference)


UNSAID = _("The policy sets no maximum for a day; the platform takes at most %(most)s (twelve hours of the clock).")


class AttendanceForm(RefusableForm):
    """Attendance on site on a day: people, class hours, and the reason for the entry (the list that was signed)."""

    day = day_field(_("Day"))
    class_hours = forms.IntegerField(label=_("Class hours"), min_value=1, max_value=24, initial=8)
    why = ReasonField(help_text=_("What the entry rests on, such as the signed attendance list."))
    people = forms.TypedMultipleChoiceField(
        label=_("Who was there"), coerce=uuid.UUID, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, seats: list[Participant], most: int, from_policy: bool, **kwargs: Any) -> None:
        """Offer everybody who has been admitted, all of them chosen; say the most class hours of a day, and whose that
        is.
        """
        super().__init__(*args, **kwargs)
        words = _("At most %(most)s a day.") if from_policy else UNSAID
        self.fields["class_hours"].help_text = words % {"most": most}
        admitted = [seat for seat in seats if seat.admitted_at is not None]
        self.set_choices("people", [(str(seat.pk), seat.name) for seat in admitted])
        self.fields["people"].initial = [str(seat.pk) for seat in admitted]


class CorrectionForm(RefusableForm):
    """More or fewer minutes for somebody on a day."""

    day = day_field(_("Day"))
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=-1440,
        max_value=1440,
        help_text=_("Negative takes away. A second person decides."),
    )
    why = ReasonField()


class DecisionForm(RefusableForm):
    """A decision on a correction."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=[("approve", _("Approve")), ("reject", _("Reject"))], widget=forms.RadioSelect
    )
    why = ReasonField()
