"""Forms of officers: an authority's scores, the year of a run."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.conflicts import Difference
from kernel.web.forms import ReasonField, SharedForm

from .queries import questions as ranking_questions


class ScoreForm(SharedForm):
    """Points and a reason for each item of the law. Every officer of the authority may enter them."""

    def __init__(self, *args: Any, questions: Sequence[ranking_questions.Question], **kwargs: Any) -> None:
        """Ask for every item."""
        super().__init__(*args, **kwargs)
        self.keys = [question.key for question in questions]
        for question in questions:
            self.fields[f"score_{question.key}"] = forms.IntegerField(
                label=_("%(item)s: points") % {"item": question.label},
                min_value=0,
                max_value=100,
                help_text=question.source,
            )
            self.fields[f"reason_{question.key}"] = ReasonField(
                _("%(item)s: reason") % {"item": question.label}, rows=2, max_length=300
            )

    @property
    def scores(self) -> dict[str, int]:
        """Return the points by item."""
        return {key: self.cleaned_data[f"score_{key}"] for key in self.keys}

    @property
    def reasons(self) -> dict[str, str]:
        """Return the reasons by item."""
        return {key: self.cleaned_data[f"reason_{key}"] for key in self.keys}

    def entered(self, name: str) -> list[Any]:
        """Return points and reason of an item."""
        return [self.scores[name], self.reasons[name]]

    def texts(self, name: str, value: Any) -> dict[str, str | list[str]]:
        """Return the two fields of an item."""
        points, words = value or ("", "")
        return {f"score_{name}": str(points), f"reason_{name}": words}

    def field_of(self, name: str) -> str:
        """Return where an item says what is stored."""
        return f"score_{name}"

    def shown(self, name: str, difference: Difference) -> str:
        """Return points and reason."""
        return " · ".join(map(str, difference.stored)) if difference.stored else "—"

    @staticmethod
    def filled(scores: Mapping[str, int], reasons: Mapping[str, str]) -> dict[str, Any]:
        """Return what an earlier score put into the fields."""
        return {f"score_{key}": points for key, points in scores.items()} | {
            f"reason_{key}": words for key, words in reasons.items()
        }


class RunForm(forms.Form):
    """Which year, and why again where it is published."""

    year = forms.TypedChoiceField(label=_("Rated year"), coerce=int)
    reason = forms.CharField(
        label=_("Reason for counting again"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only where the year is published already; the reason is published too."),
    )

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        """Offer the years that have ended."""
        super().__init__(*args, **kwargs)
        field = self.fields["year"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(year, str(year)) for year in years]
