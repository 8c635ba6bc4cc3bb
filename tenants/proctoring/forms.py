"""Forms of those on duty."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.conflicts import Difference
from kernel.web.forms import ReasonField, RefusableForm, SharedForm
from tenants.sittings.queries.sittings import Candidate

from .states import IncidentKind


class IncidentForm(RefusableForm):
    """An incident: its kind, the candidate, and whether it may affect a result."""

    kind = forms.ChoiceField(label=_("What happened"), choices=IncidentKind.choices)
    candidacy = forms.ChoiceField(label=_("Candidate"), required=False)
    impactful = forms.BooleanField(
        label=_("It may affect a result"),
        required=False,
        help_text=_("No result of this sitting is confirmed before the chief proctor has closed the incident."),
    )
    words = forms.CharField(label=_("In your words"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **kwargs: Any) -> None:
        """Offer the candidates of the sitting."""
        super().__init__(*args, **kwargs)
        field = self.fields["candidacy"]
        assert isinstance(field, forms.ChoiceField)
        choices = [
            (str(candidate.candidacy_id), f"{candidate.seat or '—'} · {candidate.name}") for candidate in candidates
        ]
        field.choices = [("", _("the whole room")), *choices]

    def values(self) -> dict[str, Any]:
        """Return what the operation takes."""
        data = dict(self.cleaned_data)
        candidacy = data.pop("candidacy")
        return data | {"candidacy_id": uuid.UUID(candidacy) if candidacy else None}


class OutcomeForm(RefusableForm):
    """The outcome of an incident."""

    outcome = forms.CharField(label=_("What came of it"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


# Parts of the facts of minutes that change while somebody reads them.
FACTS = {
    "present": _("Present at the test"),
    "absent": _("Absent"),
    "annulled": _("Annulled"),
    "commands": _("Commands"),
    "incidents": _("Incidents"),
    "on_duty": _("On duty"),
}


class MinutesForm(SharedForm):
    """The chief's own words, and the signature under the facts that the page shows."""

    text = forms.CharField(
        label=_("Remarks"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 6})
    )
    signed = forms.BooleanField(label=_("I sign these minutes: they say what happened."))

    def shown(self, name: str, difference: Difference) -> str:
        """Say which part of the facts is another one now; the page shows it."""
        return str(FACTS.get(name, name))


class ClosingForm(RefusableForm):
    """How many are absent when the test ends, as the chief has read it."""

    absent = forms.IntegerField(label=_("Enter the number of those who become absent"), min_value=0, max_value=500)


class ReasonForm(RefusableForm):
    """An act that needs a reason."""

    reason = ReasonField(rows=3)
