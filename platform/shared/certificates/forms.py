"""Forms to verify, correct, revoke and report again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel import folding
from kernel.web.forms import DayField, ReasonField, SharedForm

from .states import Ground


class VerifyForm(forms.Form):
    """A number and the holder's name; one without the other finds nothing."""

    number = forms.CharField(
        label=_("Certificate number"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(
        label=_("Holder's name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_number(self) -> str:
        """Return the number as numbers are compared."""
        return folding.number(self.cleaned_data["number"])

    def clean_name(self) -> str:
        """Return the name as names are compared."""
        return folding.name(self.cleaned_data["name"])


class CorrectionForm(SharedForm):
    """What the certificate shall say from now on, and why. What it says now stands in the fields."""

    holder = forms.CharField(label=_("Holder's name"), max_length=60)
    institution = forms.CharField(label=_("Training institution"), max_length=120)
    issued_on = DayField(label=_("Day of issue"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = ReasonField(
        rows=3, max_length=300, help_text=_("Kept with the certificate; the public sees only that it was corrected.")
    )

    def entered(self, name: str) -> str:
        """Return a field as the certificate keeps it."""
        return str(self.cleaned_data[name]).strip()


class RevocationForm(forms.Form):
    """The ground, which is published, and the words behind it."""

    ground = forms.ChoiceField(label=_("Ground for revoking"), choices=Ground.choices, help_text=_("Published."))
    remark = ReasonField(
        rows=3, max_length=300, help_text=_("With the reference of the decision. Kept for those who oversee it.")
    )


class ReportForm(forms.Form):
    """What was put right before the result is reported again."""

    remark = ReasonField(_("What was put right"), rows=3, max_length=300)
