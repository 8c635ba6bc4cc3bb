"""The form by which questions come in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.web.forms import RefusableForm


class QuestionsForm(RefusableForm):
    """A file of questions."""

    file = forms.FileField(label=_("File"), help_text=_("The filled template (xlsx); at most 20 MB and 5,000 rows."))
