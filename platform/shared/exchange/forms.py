"""Forms about messages, differences and files."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.web.forms import ReasonField, RefusableForm

from .queries import files as exchange_file_queries

KEPT_WITH_ROW = _("Kept with the life of this row.")


class ResendForm(RefusableForm):
    """Why a message is sent again."""

    why = ReasonField(rows=2, max_length=300, help_text=KEPT_WITH_ROW)
    prefix = "again"


class GiveUpForm(RefusableForm):
    """Why a message is given up."""

    why = ReasonField(rows=2, max_length=300, help_text=KEPT_WITH_ROW)
    prefix = "stop"


class ResolveForm(RefusableForm):
    """How a difference was settled."""

    why = ReasonField(rows=2, max_length=300, help_text=KEPT_WITH_ROW)
    resend = forms.BooleanField(label=_("Send again what is missing there"), required=False)


class FileForm(forms.Form):
    """A file of an existing platform."""

    kind = forms.ChoiceField(
        label=_("What it holds"),
        choices=lambda: [(key, kind.label) for key, kind in exchange_file_queries.all_file_kinds().items()],
    )
    file = forms.FileField(
        label=_("File"), help_text=_("xlsx, or csv in UTF-8 or GB18030; at most 20 MB and 5,000 rows.")
    )


class ImportForm(forms.Form):
    """Whether the good rows are taken over although others are not."""

    without_faulty = forms.BooleanField(label=_("Leave the rows with faults out"), required=False)

    def __init__(self, *args: Any, faulty: int, **kwargs: Any) -> None:
        """Ask only where there is something to leave out."""
        super().__init__(*args, **kwargs)
        if not faulty:
            del self.fields["without_faulty"]
