"""The form of an act that wants a reason."""

from django import forms

from kernel.web.forms import ReasonField


class ReasonForm(forms.Form):
    """Why something is done; it stands in the institution's life line."""

    reason = ReasonField(rows=2, max_length=500)
