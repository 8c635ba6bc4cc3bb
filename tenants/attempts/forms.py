"""The rating as a trainee fills it in."""

from collections.abc import Sequence
from typing import Any

from django import forms

from kernel.web.forms import RefusableForm
from shared.rankings.queries.questions import Question


class RatingForm(RefusableForm):
    """The questions of the law."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        """Ask what the policy asks."""
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[question.key] = forms.TypedChoiceField(
                label=question.label,
                coerce=int,
                choices=[(n, str(n)) for n in range(1, question.best + 1)],
                widget=forms.RadioSelect,
                help_text=question.source,
            )
