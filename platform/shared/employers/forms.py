"""Forms of employers: the registration, its code, the decision on it, clerks, people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.web.forms import ReasonField, RefusableForm
from shared.identity.states import DocumentType
from shared.policy.queries import authorities
from shared.policy.queries import packs as pack_queries
from shared.policy.states import Level

from .states import Way


def divisions() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return every place in which an employer's seat can lie, grouped by city."""
    places = authorities.authorities()
    cities = [a for a in places if a.level in (Level.CITY, Level.NEW_AREA)]
    return [(c.label, [(c.code, c.label), *((a.code, a.label) for a in places if a.parent == c.code)]) for c in cities]


class RegistrationForm(RefusableForm):
    """The employer, and what proves that one acts for it."""

    name = forms.CharField(
        label=_("Name of the employer"), min_length=4, max_length=120, help_text=_("As it stands on the licence.")
    )
    credit_code = forms.CharField(
        label=_("Unified social credit code"), max_length=24, help_text=_("18 characters, as on the licence.")
    )
    division_code = forms.ChoiceField(label=_("Seat of the employer"))
    telephone = forms.CharField(
        label=_("The employer's mobile number"),
        max_length=20,
        help_text=_("A code is sent to it now; you enter it on the next page."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    letter = forms.FileField(
        label=_("Letter of the employer, stamped"),
        required=False,
        help_text=_("That you act for it here, with its official stamp: PDF or picture, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        """Offer the places of the province, and ask for the letter as the rules in force do."""
        super().__init__(*args, **kwargs)
        self.set_choices("division_code", [("", "—"), *divisions()])
        employers = pack_queries.pack_at(at).employers
        ways: Sequence[str] = employers.ways if employers else ()
        if Way.LETTER not in ways:
            del self.fields["letter"]
        elif Way.VOUCHING in ways:
            self.fields["letter"].help_text = _(
                "That you act for it here, with its official stamp: PDF or picture, at most 20 MB. Without it an"
                " institution of your choice can look at your papers and vouch."
            )
        else:
            self.fields["letter"].required = True


class CodeForm(RefusableForm):
    """The code that came to the employer's telephone."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text"}),
    )


class DecisionForm(RefusableForm):
    """What an officer decides on a registration."""

    prove = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[
            ("yes", _("The letter is right: the employer is proven, whoever applied is its clerk")),
            ("no", _("Refuse the registration")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where you refuse: whoever applied reads it."),
    )


class EndingForm(RefusableForm):
    """Why a registration ends."""

    reason = ReasonField(max_length=300, help_text=_("The clerks read it."))


class VouchingForm(RefusableForm):
    """An institution vouches for an employer and whoever applied for it."""

    credit_code = forms.CharField(label=_("Unified social credit code"), max_length=24)
    applied_name = forms.CharField(
        label=_("Name of whoever applied"), max_length=60, help_text=_("As in the document in front of you.")
    )
    seen = ReasonField(
        _("Which papers did you look at?"),
        max_length=300,
        help_text=_("For example: licence, stamped letter, identity card. The authority reads it."),
    )


class ClerkForm(RefusableForm):
    """A clerk invites another one."""

    identifier = forms.CharField(label=_("Mobile number or e-mail address"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=30)


class LeavingForm(RefusableForm):
    """Why a clerk's role ends."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False, help_text=_("The last clerk has to give one.")
    )


class EmployeeForm(RefusableForm):
    """Somebody who works for the employer."""

    name = forms.CharField(label=_("Name"), max_length=60)
    id_number = forms.CharField(
        label=_("Number of the identity document"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    id_type = forms.ChoiceField(label=_("Identity document"), choices=DocumentType.choices, required=False)

    def clean_id_type(self) -> str:
        """Return the type of document: the resident identity card unless another is chosen."""
        return str(self.cleaned_data["id_type"] or DocumentType.RESIDENT)


class PeopleFileForm(RefusableForm):
    """A table of people."""

    file = forms.FileField(
        label=_("Table (xlsx or csv)"),
        help_text=_("Columns: identity number, name; at most 5,000 rows. A file with a fault adds nobody."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class AnswerForm(RefusableForm):
    """What somebody answers an employer."""

    agree = forms.TypedChoiceField(
        choices=[("yes", _("Agree")), ("no", _("Do not agree"))], coerce=lambda value: value == "yes"
    )
