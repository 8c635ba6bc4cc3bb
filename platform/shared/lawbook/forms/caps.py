"""Ceilings as the province enters and ends them."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from kernel.errors import Invalid
from kernel.money import Money
from kernel.web.forms import REASON, DayField, ReasonField, RefusableForm
from shared.policy.states import Unit
from shared.policy.values.pack import Pack


def day_field(label: Any, **rest: Any) -> DayField:
    return DayField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **rest)


class CapForm(forms.Form):
    """A ceiling, or the decision that there is none (the amount is left empty, the note says who decided what)."""

    document_no = forms.CharField(label=_("Document number"), max_length=60)
    fee_item = forms.ChoiceField(label=_("Fee item"))
    position = forms.ChoiceField(label=_("Position"), required=False)
    unit = forms.ChoiceField(label=_("Counted"), choices=Unit.choices)
    ceiling = forms.CharField(
        label=_("Ceiling in yuan"),
        required=False,
        max_length=20,
        help_text=_("Empty: there is no ceiling, by decision."),
    )
    decision_note = forms.CharField(
        label=_("Decision that there is none"),
        required=False,
        max_length=300,
        help_text=_("Needed where there is no ceiling."),
    )
    effective_from = day_field(_("In force from"))
    effective_to = day_field(_("In force until"), required=False, help_text=_("Empty: until it is ended."))
    demo = forms.BooleanField(label=_("A figure for demonstration only"), required=False)

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        """Offer the fee items and positions of the pack in force."""
        super().__init__(*args, **kwargs)
        self.fields["document_no"].initial = pack.document(pack.fees.document).number
        items = self.fields["fee_item"]
        position = self.fields["position"]
        assert isinstance(items, forms.ChoiceField)
        assert isinstance(position, forms.ChoiceField)
        items.choices = [(item.key, item.label) for item in pack.fees.items]
        position.choices = [("", _("Every position")), *((p.key, p.label) for p in pack.certifiable)]
        if not settings.NUOXING_DEMO:
            del self.fields["demo"]

    def clean_ceiling(self) -> Money | None:
        """Return the amount, None where it was left empty."""
        text = self.cleaned_data["ceiling"]
        if not text:
            return None
        try:
            return Money.from_yuan(text)
        except Invalid as refused:
            raise forms.ValidationError(lazystr(refused)) from None


class EndForm(forms.Form):
    """The last day of a ceiling, and why."""

    last_day = day_field(_("Last day in force"))
    why = ReasonField(_("Why it ends"), max_length=300)


class CapDecisionForm(RefusableForm):
    """A second officer's decision on a proposed ceiling."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=[("approve", _("Approve")), ("reject", _("Reject"))], widget=forms.RadioSelect
    )
    why = forms.CharField(label=REASON, required=False, max_length=300, help_text=_("Needed to reject; it is kept."))
