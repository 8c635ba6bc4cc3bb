"""Forms of the public."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ObjectionForm(forms.Form):
    """An objection to a listing; who it comes from may be left out."""

    text = forms.CharField(
        label=_("What is not right"),
        min_length=10,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Facts help most: what, where, since when, how it can be checked."),
    )
    name = forms.CharField(label=_("Your name (may be left out)"), required=False, max_length=60)
    contact = forms.CharField(
        label=_("Mobile number or e-mail (may be left out)"),
        required=False,
        max_length=120,
        help_text=_("Only the authority can see it, and only to answer you. It is kept encrypted."),
    )
