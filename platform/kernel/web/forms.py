"""Forms that show an operation's refusal where it belongs, and carry what they were made from."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from kernel import clock, conflicts, reasons
from kernel.conflicts import ChangedMeanwhile, Difference, Stamps
from kernel.errors import Invalid, Refusal
from kernel.web.bodies import read_json

T = TypeVar("T")
REASON = _("Reason")


@dataclass(frozen=True, slots=True)
class Success(Generic[T]):
    """What an operation returned to the form that was submitted to it."""

    result: T


def submit(form: forms.Form, operation: Callable[[], T], *, prefix: str = "", shown: bool = True) -> Success[T] | None:
    """Return what the operation returns for a form that is filled in rightly; None where nothing was done.

    Nothing is done with a form that was not sent or is wrong, or where the operation refuses; then the refusal's
    sentence stands on the form. `operation` is called only with a valid form, so that it may read `cleaned_data`.
    Where the page would not show the form (`shown`), what is wrong is raised: nobody would read it there.
    """
    if not form.is_valid():
        if form.is_bound and not shown:
            raise Invalid(" ".join(str(words) for lines in form.errors.values() for words in lines))
        return None
    try:
        return Success(operation())
    except Refusal as refusal:
        if not shown:
            raise
        refuse(form, refusal, prefix=prefix)
        return None


def refuse(form: forms.Form, refusal: Refusal, *, prefix: str = "") -> None:
    """Show a refusal's sentence at its field (whose name may begin with `prefix`), or above the form; of a conflict
    both values.
    """
    if isinstance(refusal, ChangedMeanwhile) and isinstance(form, SharedForm):
        form.show_conflict(refusal)
    field = next((n for n in (f"{prefix}{refusal.field}", refusal.field) if n in form.fields), None)
    form.add_error(field, str(refusal))


def check_year(day: date) -> None:
    """Refuse (ValidationError) a day beyond the years with which we can reckon (`clock.YEARS`)."""
    if day.year not in clock.YEARS:
        years = {"first": str(clock.YEARS[0]), "last": str(clock.YEARS[-1])}
        raise ValidationError(_("Enter a day in the years %(first)s to %(last)s."), code="year", params=years)


class DayField(forms.DateField):
    """A day in the years with which we can reckon (`clock.YEARS`)."""

    default_validators = [check_year]


class MomentField(forms.DateTimeField):
    """A day and a time of day, in the same years."""

    default_validators = [check_year]


def _say_something(text: str) -> None:
    if len(text) >= reasons.SHORTEST and reasons.says_nothing(text):  # a shorter one is told once, as none
        raise forms.ValidationError(reasons.ReasonSaysNothing.message, code="says-nothing")


class ReasonField(forms.CharField):
    """Why something is done (kernel.reasons); `rows` makes it a field of several lines."""

    default_validators = [_say_something]

    def __init__(self, label: Any = REASON, *, rows: int = 0, max_length: int = 200, **kwargs: Any) -> None:
        """Take the label and the room."""
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        said = reasons.ReasonRequired.message
        kwargs["error_messages"] = {"required": said, "min_length": said} | kwargs.get("error_messages", {})
        super().__init__(label=label, widget=widget, min_length=reasons.SHORTEST, max_length=max_length, **kwargs)


class RefusableForm(forms.Form):
    """A form whose operation may say no: the sentence stands at the field it belongs to, or above the form."""

    def refuse(self, refusal: Refusal) -> None:
        """Show the refusal's sentence."""
        refuse(self, refusal)

    def set_choices(self, field: str, choices: Sequence[tuple[Any, Any]]) -> None:
        """Fill a field of choices."""
        choice_field = self.fields[field]
        assert isinstance(choice_field, forms.ChoiceField)
        choice_field.choices = list(choices)

    def fix(self, fields: Collection[str]) -> None:
        """Show fields as they are, not to be changed here; whatever is sent for them is not read."""
        for name in fields:
            if name in self.fields:
                self.fields[name].disabled = True


class ReasonForm(RefusableForm):
    """A reason, which is kept."""

    why = ReasonField()


class SharedForm(RefusableForm):
    """A form on something that others change too: it carries what it was made from (kernel.conflicts).

    After a conflict it keeps what was entered, takes over what others stored and was not touched here, and says at each
    field where both changed something what is stored now. Sent again, it is made from that.
    """

    made_from = forms.CharField(widget=forms.HiddenInput, max_length=20_000)

    def __init__(self, *args: Any, stored: Mapping[str, Any], **kwargs: Any) -> None:
        """Take the values that the page shows, by name."""
        initial = {**(kwargs.get("initial") or {}), "made_from": _written(stored)}
        super().__init__(*args, **kwargs | {"initial": initial})

    def clean_made_from(self) -> dict[str, str]:
        """Read the stamps; refuse what is none."""
        try:
            seen = read_json(self.cleaned_data["made_from"])
        except ValueError:
            seen = None
        if not isinstance(seen, dict) or not all(isinstance(value, str) for value in seen.values()):
            raise ValidationError(_("Please open the page again."), code="made-from")
        return seen

    def show_conflict(self, refusal: ChangedMeanwhile) -> None:
        """Show what is stored beside what was entered, and go on from there."""
        seen = self.cleaned_data["made_from"]
        data: Any = self.data
        data = data.copy()
        data[self.add_prefix("made_from")] = _written(refusal.stored)
        for name, value in refusal.stored.items():
            if name not in refusal.differences and seen.get(name) != conflicts.stamp(value) and self.untouched(name):
                for field, text in self.texts(name, value).items():
                    _put(data, self.add_prefix(field), text)
        self.data = data
        for name, difference in refusal.differences.items():
            field = self.field_of(name)
            said = _("Stored by somebody else meanwhile: %(value)s") % {"value": self.shown(name, difference)}
            self.add_error(field if field in self.fields else None, said)

    def untouched(self, name: str) -> bool:
        """Say whether a value was left as the page showed it, by its stamp."""
        seen: Stamps = self.cleaned_data["made_from"]
        return conflicts.stamp(self.entered(name)) == seen.get(name)

    def entered(self, name: str) -> Any:
        """Return what was entered for a value, as operations store it."""
        return self.cleaned_data.get(name)

    def texts(self, name: str, value: Any) -> dict[str, str | list[str]]:
        """Return what stands in the fields of a value."""
        return {name: str(value)} if name in self.fields else {}

    def field_of(self, name: str) -> str:
        """Return the field at which a difference is shown."""
        return name

    def shown(self, name: str, difference: Difference) -> str:
        """Return a stored value in words."""
        return str(difference.stored) or "—"


def _put(data: Any, field: str, text: str | list[str]) -> None:
    if isinstance(text, list) and isinstance(data, MultiValueDict):
        data.setlist(field, text)
    else:
        data[field] = text


def _written(stored: Mapping[str, Any]) -> str:
    return json.dumps(conflicts.stamps(stored), separators=(",", ":"))
