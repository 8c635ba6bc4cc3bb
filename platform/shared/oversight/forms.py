"""What narrows the lists of filed facts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shared.filings.states import ClassState
from shared.policy.queries import authorities
from shared.policy.states import Level
from shared.policy.values.pack import Pack


class ClassListForm(forms.Form):
    """Classes by name, position, city and state."""

    text = forms.CharField(label=_("Class or institution"), max_length=100, required=False)
    position = forms.ChoiceField(label=_("Position"), required=False)
    division = forms.ChoiceField(label=_("City"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Any")), *ClassState.choices])

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        """Take the policy that names the positions."""
        super().__init__(*args, **kwargs)
        positions = [(p.key, p.label) for p in pack.positions]
        cities = [(c.code, c.label) for c in authorities.authorities(Level.CITY, Level.NEW_AREA)]
        for name, empty, choices in (
            ("position", _("All positions"), positions),
            ("division", _("All cities"), cities),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", empty), *choices]

    def chosen(self) -> dict[str, str]:
        """Return what narrows the list: what cannot be is left out, and said at its field."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}
