"""Forms of an authority: findings on site, its opinion, decisions on objections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.conflicts import Difference
from kernel.web.forms import DayField, ReasonField, RefusableForm, SharedForm

from ..operations.verifications import LineFinding
from ..queries.sheets import LineView, SectionView
from ..states import Opinion

PHOTO = ".photo"
MOST_VERSIONS = 32_767  # of a commitment, as its column holds them
OPINIONS = [(Opinion.TRUE, Opinion.TRUE.label), (Opinion.FALSE, Opinion.FALSE.label)]


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A line of the check list with its three fields."""

    line: LineView
    finding: forms.BoundField
    remark: forms.BoundField
    picture: forms.BoundField


class ChecksForm(SharedForm):
    """The check list: the same lines as the commitment, each 属实 or 不符, with a remark and a picture. Several
    inspectors write in it, from pages of one age.
    """

    version = forms.IntegerField(min_value=0, max_value=MOST_VERSIONS, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, sheet: tuple[SectionView, ...], version: int, stored: Mapping[str, Any], **kwargs: Any
    ) -> None:
        """Make three fields a line, filled with what was found so far."""
        super().__init__(*args, stored=stored, **kwargs | {"initial": {"version": version}})
        self.sheet = sheet
        for section in sheet:
            for line in section.lines:
                self._add(line)

    def _add(self, line: LineView) -> None:
        finding = line.finding
        self.fields[f"finding-{line.key}"] = forms.ChoiceField(
            label=line.label,
            required=False,
            choices=OPINIONS,
            widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            initial=finding.finding if finding else "",
        )
        self.fields[f"remark-{line.key}"] = forms.CharField(
            label=_("Remark"), required=False, max_length=500, initial=finding.remark if finding else ""
        )
        self.fields[f"picture-{line.key}"] = forms.FileField(
            label=_("Photo"),
            required=False,
            widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}),
        )

    def rows(self) -> list[tuple[str, list[CheckRow]]]:
        """Return the sections with their lines and fields."""
        return [(section.label, [self._row(line) for line in section.lines]) for section in self.sheet]

    def _row(self, line: LineView) -> CheckRow:
        return CheckRow(line, self[f"finding-{line.key}"], self[f"remark-{line.key}"], self[f"picture-{line.key}"])

    def findings(self) -> Mapping[str, LineFinding]:
        """Return what was entered for each line."""
        data = self.cleaned_data
        return {
            line.key: LineFinding(
                data.get(f"finding-{line.key}") or "",
                data.get(f"remark-{line.key}") or "",
                data.get(f"picture-{line.key}"),
            )
            for section in self.sheet
            for line in section.lines
        }

    def entered(self, name: str) -> list[str]:
        """Return finding and remark of a line."""
        line = self.findings().get(name) or LineFinding()
        return [line.finding, line.remark.strip()]

    def texts(self, name: str, value: Any) -> dict[str, str | list[str]]:
        """Return the two fields of a line."""
        if name.endswith(PHOTO):
            return {}
        return {f"finding-{name}": value[0], f"remark-{name}": value[1]}

    def field_of(self, name: str) -> str:
        """Return where a line says what is stored."""
        return f"picture-{name.removesuffix(PHOTO)}" if name.endswith(PHOTO) else f"finding-{name}"

    def shown(self, name: str, difference: Difference) -> str:
        """Return what somebody else found."""
        if name.endswith(PHOTO):
            return str(_("another photo; choose yours again if it is to stand"))
        finding, remark = difference.stored
        return " · ".join(filter(None, [str(Opinion(finding).label) if finding else "", remark])) or "—"


class OpinionForm(SharedForm):
    """The opinion to sign, on the findings that the page shows."""

    version = forms.IntegerField(min_value=0, max_value=MOST_VERSIONS, widget=forms.HiddenInput)
    visited_on = DayField(
        label=_("Day of the visit"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    opinion = forms.ChoiceField(label=_("Opinion after the visit"), choices=OPINIONS, widget=forms.RadioSelect)
    remark = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for “not as declared”: what the institution must correct."),
    )

    def __init__(
        self,
        *args: Any,
        version: int,
        today: date,
        sheet: tuple[SectionView, ...],
        stored: Mapping[str, Any],
        **kwargs: Any,
    ) -> None:
        """Propose today as the day of the visit."""
        initial = {"version": version, "visited_on": today}
        super().__init__(*args, stored=stored, **kwargs | {"initial": initial})
        self.labels = {line.key: line.label for section in sheet for line in section.lines}

    def shown(self, name: str, difference: Difference) -> str:
        """Return which line it is, and what was found."""
        line = self.labels.get(name.removesuffix(PHOTO), name)
        if name.endswith(PHOTO):
            return _("%(line)s: another photo") % {"line": line}
        finding, remark = difference.stored
        return f"{line}: " + (" · ".join(filter(None, [str(Opinion(finding).label) if finding else "", remark])) or "—")


class ExistingForm(forms.Form):
    """What the authority confirms of an institution that trained before the policy."""

    since = DayField(label=_("It has trained since"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    document = forms.CharField(
        label=_("The earlier list or document on which it stands"), max_length=60, help_text=_("Reference and number.")
    )
    positions = forms.MultipleChoiceField(
        label=_("Positions for which it trained"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, positions: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the positions of the policy."""
        super().__init__(*args, **kwargs)
        field = self.fields["positions"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = positions


class UploadForm(RefusableForm):
    """The receipt of an upload that the officer made by hand."""

    receipt_no = forms.CharField(
        label=_("Number of the receipt"), max_length=60, help_text=_("As the ministry's system shows it.")
    )
    received_on = DayField(
        label=_("Day of the receipt"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Propose today."""
        super().__init__(*args, **kwargs | {"initial": {"received_on": today}})


class DecisionForm(forms.Form):
    """The decision on an objection."""

    upheld = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("no", _("Dismiss: the public notice goes on")), ("yes", _("Uphold: return the commitment"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = ReasonField(
        rows=4, max_length=2000, help_text=_("It is published on the page of the notice. Do not name who objected.")
    )
