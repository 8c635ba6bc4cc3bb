"""Forms that show an operation's refusal where it belongs."""

from collections.abc import Sequence
from typing import Any

from django import forms

from kernel.errors import Refusal


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
