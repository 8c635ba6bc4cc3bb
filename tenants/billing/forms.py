"""Prices, money at the counter and refunds as staff enter them."""

from typing import Any

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from kernel.conflicts import Difference
from kernel.errors import Invalid
from kernel.money import ZERO, Money
from kernel.web.forms import ReasonField, RefusableForm, SharedForm
from shared.policy.states import Unit

from .queries import prices as price_queries
from .states import Method


class MoneyInput(forms.CharField):
    """An amount in yuan with at most two decimals."""

    def __init__(self, **kwargs: Any) -> None:
        """Offer the right keyboard."""
        attrs = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(max_length=20, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> Money:
        """Return the amount; an empty field that is not required is nothing."""
        text = super().clean(value)
        if not text:
            return ZERO
        try:
            return Money.from_yuan(text.lstrip("¥￥"))
        except Invalid as refusal:
            raise forms.ValidationError(lazystr(refusal)) from None


class PriceForm(SharedForm):
    """What a class asks for a fee item; another person at the desk may publish one at the same time."""

    fee_item = forms.ChoiceField(label=_("Fee item"))
    unit = forms.ChoiceField(label=_("Counted"), choices=Unit.choices)
    base = MoneyInput(label=_("Amount in yuan"), help_text=_("Per unit: per person, class hour or attempt."))
    addons = MoneyInput(
        label=_("Compulsory extras in yuan"), required=False, help_text=_("They count under the same ceiling.")
    )

    def __init__(self, *args: Any, items: dict[str, str], **kwargs: Any) -> None:
        """Offer the fee items of the policy in force."""
        super().__init__(*args, **kwargs)
        field = self.fields["fee_item"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(items.items())

    def values(self) -> dict[str, Any]:
        """Return what `operations.publish_price` takes."""
        data = dict(self.cleaned_data)
        return data | {"amount": data.pop("base")}

    def entered(self, name: str) -> list[str] | None:
        """Return what was entered for a fee item, None for those that were not chosen."""
        data = self.cleaned_data
        if name != data.get("fee_item"):
            return None
        return price_queries.asked(data["base"], data["addons"], data["unit"])

    def field_of(self, name: str) -> str:
        """Return where a fee item says what is published now."""
        return "base"

    def shown(self, name: str, difference: Difference) -> str:
        """Return the price that somebody else published, or that there is none any more."""
        if difference.stored is None:
            return str(_("taken off sale"))
        base, addons, unit = difference.stored
        return f"{base} + {addons} · {Unit(unit).label}"


class CounterPaymentForm(RefusableForm):
    """Money taken at the counter."""

    method = forms.ChoiceField(
        label=_("How"),
        choices=[(Method.CASH, Method.CASH.label), (Method.TRANSFER, Method.TRANSFER.label)],
        widget=forms.RadioSelect,
        initial=Method.CASH,
    )
    amount = MoneyInput(label=_("Amount in yuan"), help_text=_("The whole amount, as counted."))
    reference = forms.CharField(
        label=_("Reference"), max_length=100, required=False, help_text=_("The bank's reference of a transfer.")
    )


class RefundForm(RefusableForm):
    """Money that goes back."""

    amount = MoneyInput(label=_("Amount in yuan"))
    why = ReasonField()
    reference = forms.CharField(label=_("Reference"), max_length=100, required=False, help_text=_("Slip or transfer."))


class ReplacementForm(RefundForm):
    """Money that goes back in place of a refund that failed: online once more, or by hand."""

    other_method = forms.ChoiceField(
        label=_("How"),
        choices=[
            ("", _("Online, the way it came")),
            (Method.CASH, Method.CASH.label),
            (Method.TRANSFER, Method.TRANSFER.label),
        ],
        required=False,
    )
