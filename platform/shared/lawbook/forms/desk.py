"""Forms of the policy desk beside the sections: a pack file, a reason."""

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from kernel.web.forms import ReasonField, RefusableForm
from shared.policy.values.files import text_of
from shared.policy.values.problems import PackFileError

from ..methods import labels

MAX_BYTES = 400_000


class ImportForm(RefusableForm):
    """A pack file."""

    file = forms.FileField(
        label=_("Pack file"),
        help_text=_("The same file that the export gives (TOML)."),
        validators=[FileExtensionValidator(["toml"])],
        widget=forms.FileInput(attrs={"accept": ".toml"}),
    )

    def clean_file(self) -> str:
        """Return the file's text."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is too large to be a pack."))
        try:
            return text_of(upload.read())
        except PackFileError as fault:
            raise forms.ValidationError([labels.problem_label(problem) for problem in fault.problems]) from None


class ReturnForm(RefusableForm):
    """Why a draft goes back."""

    why = ReasonField(rows=3, max_length=500, help_text=_("The authors read it."))
