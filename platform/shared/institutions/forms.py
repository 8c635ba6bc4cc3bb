"""Forms: rulings on an organisation, reasons for acts on its schema."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.states import Move
from kernel.web.forms import ReasonField

from .states import Decision


class RulingForm(forms.Form):
    """A decision, its document and the reason that will be published."""

    kind = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    document_no = forms.CharField(
        label=_("Reference of the decision"), max_length=60, help_text=_("The number of the document, as it is filed.")
    )
    reason = ReasonField(
        rows=4, max_length=2000, help_text=_("It is published on the institution's page. Name no trainee in it.")
    )

    def __init__(self, *args: Any, moves: Iterable[Move], **kwargs: Any) -> None:
        """Offer the decisions that are possible now; where none is, all: the operation says why to what is sent."""
        super().__init__(*args, **kwargs)
        possible = {move.name for move in moves}
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [choice for choice in Decision.choices if choice[0] in possible or not possible]
