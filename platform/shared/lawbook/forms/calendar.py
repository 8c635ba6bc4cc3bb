"""The calendar: a year's plan, and single days."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.conflicts import Difference
from kernel.web.forms import ReasonField, SharedForm
from shared.policy.states import Day

from .caps import day_field

MAX_BYTES = 64 * 1024  # bytes of a plan: a year's days take two thousand

PLAN_HELP = _(
    "One line each: a day, or a first and a last day, then off or work. For example: 2027-01-01..2027-01-03 off"
)


def _in_words(said: Sequence[str]) -> str:
    kind, source = said
    return f"{Day(kind).label} · {source}"


class PlanForm(SharedForm):
    """A year's official plan, pasted or as a text file."""

    source = forms.CharField(label=_("Document that says so"), max_length=120)
    text = forms.CharField(
        label=_("Days off and working weekends"),
        required=False,
        max_length=MAX_BYTES,
        help_text=PLAN_HELP,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    file = forms.FileField(label=_("Or a text file"), required=False)

    def clean(self) -> dict[str, Any]:
        """Take the file's text where there is a file."""
        data = super().clean() or {}
        file = self.cleaned_data.get("file")
        if file is not None:
            if file.size > MAX_BYTES:
                self.add_error("file", _("The file is too large for a plan."))
                return data
            try:
                data["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("The file is no text in UTF-8."))
        elif not data.get("text", "").strip():
            self.add_error("text", _("Paste the plan, or choose its file."))
        return data

    def shown(self, name: str, difference: Difference) -> str:
        """Return the year's days as they stand now, each with its document."""
        return "; ".join(f"{day} {_in_words(said)}" for day, *said in difference.stored) or super().shown(
            name, difference
        )


class DayForm(SharedForm):
    """One day that is off or worked against the calendar."""

    day = day_field(_("Day"))
    kind = forms.ChoiceField(label=_("It is"), choices=Day.choices, initial=Day.OFF)
    source = forms.CharField(label=_("Document that says so"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Stand beside the plan's form without sharing the names of its fields."""
        super().__init__(*args, **({"auto_id": "day_%s"} | kwargs))

    def entered(self, name: str) -> list[str] | None:
        """Return what was entered, of the one day that was chosen."""
        data = self.cleaned_data
        return [data["kind"], data["source"]] if data["day"].isoformat() == name else None

    def field_of(self, name: str) -> str:
        """Return where a day says what is stored."""
        return "day"

    def shown(self, name: str, difference: Difference) -> str:
        """Return what is said of the day now."""
        return _in_words(difference.stored) if difference.stored else super().shown(name, difference)


class ClearForm(SharedForm):
    """Why what was said of a day no longer holds."""

    why = ReasonField(_("Why"), max_length=300)
