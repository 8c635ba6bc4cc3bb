"""Applications by trainees and at the counter, decisions, withdrawals."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.dates import day_in_words
from kernel.web.forms import DayField, RefusableForm
from shared.identity.states import DocumentType, Sex
from shared.policy.values.pack import Pack


class DeclarationForm(RefusableForm):
    """The declaration that decides whether somebody may enrol."""

    education = forms.ChoiceField(label=_("Highest education"))
    major_kind = forms.ChoiceField(label=_("Major"))
    practice_years = forms.IntegerField(
        label=_("Full years of practice on site"), min_value=0, max_value=80, help_text=_("Completed years.")
    )
    evidence = forms.FileField(
        label=_("Evidence"),
        required=False,
        help_text=_("Diploma and proof of practice as one PDF or picture, at most 20 MB."),
    )

    agree_scan = forms.BooleanField(
        label=_("I agree separately that this file is kept, to check the conditions of enrolment"),
        required=False,
        help_text=_(
            "Needed only with a file; it may be taken back at any time under “My privacy”. Without a file: show the"
            " originals at the counter, where staff note that they have seen them."
        ),
    )

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        """Offer the educations and majors of the policy in force."""
        super().__init__(*args, **kwargs)
        self.set_choices("education", [("", "—"), *((e.key, e.label) for e in pack.eligibility.educations)])
        self.set_choices("major_kind", [("", "—"), *((m.key, m.label) for m in pack.eligibility.majors)])


class ApplicationForm(DeclarationForm):
    """A trainee's own application."""

    truthful = forms.BooleanField(
        label=_("What I entered is true; I know that a false declaration ends the enrolment.")
    )


class CounterForm(DeclarationForm):
    """An application that a registrar enters for somebody at the counter."""

    name = forms.CharField(label=_("Name"), max_length=60)
    id_type = forms.ChoiceField(label=_("Document"), choices=DocumentType.choices)
    id_number = forms.CharField(
        label=_("Number of the document"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    mobile = forms.CharField(label=_("Mobile number"), max_length=20, help_text=_("A new account is found by it."))
    born = DayField(
        label=_("Date of birth"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Only for documents other than an identity card."),
    )
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=[("", "—"), *Sex.choices])
    training_class = forms.TypedChoiceField(label=_("Class"))
    agreed = forms.BooleanField(label=_("The person has signed the privacy notice, and I have seen the document."))

    field_order = ("training_class", "name", "id_type", "id_number", "born", "sex", "mobile")

    def __init__(self, *args: Any, classes: list[Any], **kwargs: Any) -> None:
        """Offer the classes that take enrolments."""
        super().__init__(*args, **kwargs)
        self.set_choices(
            "training_class",
            [
                (str(training_class.id), f"{training_class.name} · {day_in_words(training_class.starts_on)}")
                for training_class in classes
            ],
        )

    def person(self) -> dict[str, Any]:
        """Return what `operations.register_walk_in` takes."""
        return {name: self.cleaned_data[name] for name in ("name", "id_type", "id_number", "mobile", "born", "sex")}

    def declaration(self) -> dict[str, Any]:
        """Return what `operations.apply` takes of it."""
        return {n: self.cleaned_data[n] for n in ("education", "major_kind", "practice_years", "agree_scan")}


class RosterForm(RefusableForm):
    """A file of people to be enrolled in a class."""

    training_class = forms.TypedChoiceField(label=_("Class"))
    file = forms.FileField(
        label=_("File"), help_text=_("The template filled in: xlsx, or csv in UTF-8 or GB18030; at most 5,000 people.")
    )

    def __init__(self, *args: Any, classes: list[Any], **kwargs: Any) -> None:
        """Offer the classes that take enrolments."""
        super().__init__(*args, **kwargs)
        self.set_choices("training_class", [(str(one.id), f"{one.name} · {one.starts_on}") for one in classes])


class TakeForm(RefusableForm):
    """What is confirmed before the rows of a file are enrolled."""

    signed = forms.BooleanField(
        label=_("Each of them has signed the privacy notice, and I have seen their documents."), required=False
    )
    leave_out = forms.BooleanField(
        label=_("Leave out those who do not meet the conditions"),
        required=False,
        initial=True,
        help_text=_("Otherwise they apply and are refused with every reason, and the principal may decide again."),
    )
