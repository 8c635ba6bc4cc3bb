"""Forms that show an operation's refusal where it belongs."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel import reasons
from kernel.errors import Refusal

REASON = _("Reason")


class ReasonField(forms.CharField):
    """Why something is done (kernel.reasons); `rows` makes it a field of several lines."""

    def __init__(self, label: Any = REASON, *, rows: int = 0, max_length: int = 200, **kwargs: Any) -> None:
        """Take the label and the room."""
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        super().__init__(label=label, widget=widget, min_length=reasons.SHORTEST, max_length=max_length, **kwargs)


class RefusableForm(forms.Form):
    """A form whose operation may say no: the sentence stands at the field it belongs to, or above the form."""

    def refuse(self, refusal: Refusal) -> None:
        """Show the refusal's sentence."""
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))

    def set_choices(self, field: str, choices: Sequence[tuple[Any, Any]]) -> None:
        """Fill a field of choices."""
        choice_field = self.fields[field]
        assert isinstance(choice_field, forms.ChoiceField)
        choice_field.choices = list(choices)


class ReasonForm(RefusableForm):
    """A reason, which is kept."""

    why = ReasonField()
