"""Forms of privacy."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.conflicts import Difference
from kernel.web.forms import DayField, MomentField, ReasonField, RefusableForm, SharedForm
from shared.identity.states import ConsentKind

from .states import AssessmentKind, BreachState, EntryKind, Field, Severity


def _words(label: Any, *, max_length: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 3}), max_length=max_length, **kwargs)


def _moment(label: Any, **kwargs: Any) -> MomentField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return MomentField(label=label, widget=widget, **kwargs)


def _day(label: Any, **kwargs: Any) -> DayField:
    return DayField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class ReauthenticationForm(RefusableForm):
    """Shows again who is there; a session with a second factor leaves it out."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=128,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("Not needed where you signed in with a second factor."),
    )


class RecipientForm(RefusableForm):
    """To whom one's data may be passed on."""

    recipient = forms.CharField(label=_("Recipient"), max_length=120, help_text=_("Its full name."))


class CorrectionForm(RefusableForm):
    """What is wrong, and what it should be."""

    field = forms.ChoiceField(label=_("What is wrong?"), choices=Field.choices, widget=forms.RadioSelect)
    wanted = forms.CharField(label=_("What should it be?"), max_length=200)
    words = _words(_("Anything that helps to decide"), required=False, max_length=1000)
    evidence = forms.FileField(
        label=_("Evidence"),
        required=False,
        help_text=_("A PDF or picture, at most 20 MB. You may show the paper at the counter instead."),
    )
    desk = forms.ChoiceField(label=_("Who shall decide?"), required=False)

    def __init__(self, *args: Any, desks: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the institutions where the person learns, and the authority."""
        super().__init__(*args, **kwargs)
        self.set_choices("desk", [*desks, ("", _("The authority"))])

    def clean_desk(self) -> uuid.UUID | None:
        """Return the institution, None for the authority."""
        return uuid.UUID(self.cleaned_data["desk"]) if self.cleaned_data["desk"] else None


class DecisionForm(RefusableForm):
    """A decision with its reason."""

    reason = ReasonField(rows=3, max_length=1000, help_text=_("The person reads it."))


class ReportForm(RefusableForm):
    """Something went wrong with personal data."""

    title = forms.CharField(label=_("What happened, in a few words"), max_length=120)
    words = _words(
        _("What happened"),
        max_length=4000,
        help_text=_("Which data, whose, how it was noticed, what was done so far. No names or numbers of people."),
    )
    noticed_at = _moment(_("When was it noticed?"))
    happened_at = _moment(_("When did it happen?"), required=False)


class StepForm(SharedForm):
    """A step of an incident: somebody else who looks after it may take one at the same time."""

    def entered(self, name: str) -> Any:
        """Return what was entered; the measures are the words of the step."""
        return self.cleaned_data.get("why" if name == "measures" else name)

    def texts(self, name: str, value: Any) -> dict[str, str | list[str]]:
        """Return nothing: what others stored stands on the page."""
        return {}

    def field_of(self, name: str) -> str:
        """Return where a value says what is stored."""
        return "why" if name == "measures" else name

    def shown(self, name: str, difference: Difference) -> str:
        """Return the other's value in words; of the timeline its last line."""
        stored = difference.stored
        if name == "timeline":
            return " · ".join([str(EntryKind(stored[-1][0]).label), *stored[-1][1:]]) if stored else "—"
        if name == "severity" and stored:
            return str(Severity(stored).label)
        return str(BreachState(stored).label) if name == "state" else super().shown(name, difference)


class ClassifyForm(StepForm):
    """How grave it is."""

    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices, widget=forms.RadioSelect)
    kinds = forms.CharField(label=_("Which data"), max_length=300)
    people = forms.IntegerField(
        label=_("How many people, as far as known"), min_value=0, max_value=2_000_000_000, required=False
    )


class EntryForm(RefusableForm):
    """A line of the timeline."""

    kind = forms.ChoiceField(label=pgettext_lazy("entry on a timeline", "What"), choices=EntryKind.choices)
    words = _words(_("In words"), max_length=4000)
    recipients = forms.CharField(
        label=_("Whom"), max_length=200, required=False, help_text=_("Office, number of people")
    )
    happened_at = _moment(_("When"))


class TellForm(RefusableForm):
    """Words to the people concerned."""

    accounts = _words(_("Mobile numbers or e-mail addresses, one a line"), max_length=20000)
    words = _words(_("What happened, what it means for you, what you can do"), max_length=1000)


class WhyForm(StepForm):
    """Words to a step."""

    why = _words(_("In words"), max_length=4000)


class TextForm(RefusableForm):
    """A new version of the notice or of a consent's words."""

    kind = forms.ChoiceField(label=_("Which text"), choices=ConsentKind.choices)
    version = forms.CharField(label=_("Version"), max_length=20)
    in_force_from = _moment(_("In force from"))
    title = forms.CharField(label=_("Title in Chinese"), max_length=120)
    title_en = forms.CharField(label=_("Title in English"), max_length=200)
    body = _words(_("Text in Chinese"), max_length=100_000, help_text=_("A line that begins with ## is a heading."))
    body_en = _words(_("Text in English"), max_length=200_000)
    instead = _words(_("The way that does without, in Chinese"), max_length=10_000, required=False)
    instead_en = _words(_("The way that does without, in English"), max_length=20_000, required=False)
    changes = _words(_("What has changed, in Chinese"), max_length=10_000)
    changes_en = _words(_("What has changed, in English"), max_length=20_000)

    def words(self) -> dict[str, str]:
        """Return the words alone."""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("kind", "version", "in_force_from")}


class AssessmentForm(RefusableForm):
    """An impact assessment."""

    kind = forms.ChoiceField(label=_("What was assessed"), choices=AssessmentKind.choices)
    title = forms.CharField(label=_("Title"), max_length=120)
    necessity = _words(_("Are purpose and way lawful, justified and needed?"), max_length=4000)
    risks = _words(_("What does it do to people, and how likely?"), max_length=4000)
    measures = _words(_("What protects them, and is it enough?"), max_length=4000)
    made_on = _day(_("Made on"))
    valid_until = _day(_("Valid until"))


class EntrustingForm(RefusableForm):
    """A party to which handling is entrusted."""

    party = forms.CharField(label=_("Party"), max_length=120)
    purpose = forms.CharField(label=_("Purpose"), max_length=300)
    kinds = forms.CharField(label=_("Kinds of data"), max_length=300)
    protection = forms.CharField(label=_("Protection"), max_length=300)
    contract_no = forms.CharField(label=_("Contract"), max_length=60)
    begins_on = _day(pgettext_lazy("first day", "From"))
    ends_on = _day(pgettext_lazy("last day", "Until"), required=False)


class HoldForm(RefusableForm):
    """Nothing of a person is erased for a while."""

    person_id = forms.UUIDField(label=_("Key of the person"))
    why = ReasonField(_("What needs it"), max_length=300, help_text=_("Objection, appeal, inspection, suit"))
