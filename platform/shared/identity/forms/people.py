"""Forms for people's details, staff, tokens, and the counter."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from kernel.roles import AUTHORITY_ROLES, STAFF_ROLES, Role
from kernel.web.forms import DayField, ReasonField, RefusableForm
from shared.policy.queries import authorities

from ..models.accounts import Account, RecoveryRequest
from ..states import DocumentType, Sex
from .entrance import IdentifierField


class PersonForm(RefusableForm):
    """What a person tells once."""

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("As in your identity document; it will stand on the certificate.")
    )
    id_type = forms.ChoiceField(label=_("Identity document"), choices=DocumentType.choices, required=False)
    id_number = forms.CharField(
        label=_("Number of the identity document"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    born = DayField(
        label=_("Date of birth"),
        required=False,
        help_text=_("Only for documents other than an identity card."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    sex = forms.ChoiceField(
        label=_("Sex"),
        required=False,
        choices=[("", "—"), *Sex.choices],
        help_text=_("Only for documents other than an identity card."),
    )
    agree_notice = forms.BooleanField(label=_("I have read the privacy notice and agree"))
    agree_number = forms.BooleanField(
        label=_("I agree separately that my document number is processed to enrol, test and certify me"),
        help_text=_("It is kept encrypted, shown masked, and sent to the ministry's system with your result."),
    )

    def __init__(self, *args: Any, agreed: bool = False, **kwargs: Any) -> None:
        """Do not ask for the consent to the privacy notice in force that was given at signing up."""
        super().__init__(*args, **kwargs)
        if agreed:
            del self.fields["agree_notice"]

    def clean_id_type(self) -> str:
        """Return the type of document: the resident identity card unless another is chosen."""
        return str(self.cleaned_data["id_type"] or DocumentType.RESIDENT)


NO_ROLE = ("", "—")  # who invites names the role: none, and least of all the one with most rights, goes by itself


class InviteStaffForm(RefusableForm):
    """A principal invites somebody to the institution."""

    identifier = IdentifierField()
    name = forms.CharField(label=_("Name"), max_length=30)
    role = forms.ChoiceField(label=_("Role"), choices=[NO_ROLE, *((r.value, r.label) for r in STAFF_ROLES)])


class InviteOfficerForm(RefusableForm):
    """The operator invites an officer, an inspector or another operator."""

    identifier = IdentifierField()
    name = forms.CharField(label=_("Name"), max_length=30)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[
            NO_ROLE,
            *((r.value, r.label) for r in (*AUTHORITY_ROLES, Role.PLATFORM_OPERATOR, Role.TRAINING_CENTRE)),
        ],
    )
    scope = forms.ChoiceField(label=_("Authority"), required=False, help_text=_("Not for operators."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the authorities that have an office."""
        super().__init__(*args, **kwargs)
        offices = [(a.code, a.office_label) for a in authorities.authorities() if a.office]
        self.fields["scope"].choices = [("", "—"), *offices]  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """Refuse an officer without an authority, and an operator with one."""
        data = super().clean() or {}
        if data.get("role") in AUTHORITY_ROLES and not data.get("scope"):
            self.add_error("scope", _("Choose the authority."))
        if data.get("role") in (Role.PLATFORM_OPERATOR, Role.TRAINING_CENTRE):
            data["scope"] = ""
        return data


class EndForm(RefusableForm):
    """Why a role ends."""

    why = forms.CharField(label=_("Reason"), max_length=200, required=False)


class InvitationForm(RefusableForm):
    """An invited person sets a password."""

    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        help_text=_("At least 10 characters, not only digits."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        """Refuse weak passwords."""
        password_validation.validate_password(self.cleaned_data["password"], Account())
        return str(self.cleaned_data["password"])


class TokenForm(RefusableForm):
    """What a new access token may do, and how long."""

    name = forms.CharField(label=_("What it is for"), max_length=60)
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=[("read", _("read data")), ("write", _("write data"))],
        widget=forms.CheckboxSelectMultiple,
        initial=["read"],
    )
    days = forms.IntegerField(label=_("Days it lives"), min_value=1, max_value=365, initial=90)


class RecoveryForm(RefusableForm):
    """Somebody who cannot get in tells what happened."""

    cause = forms.ChoiceField(
        label=_("What happened?"),
        choices=[
            (RecoveryRequest.Cause.LOST_PHONE, _("I lost my phone, my number or my authenticator")),
            (RecoveryRequest.Cause.WRONG_NAME, _("My name is wrong")),
        ],
        widget=forms.RadioSelect,
    )
    identifier = IdentifierField(help_text=_("The one with which you used to sign in."))
    name = forms.CharField(label=_("Your name, as in your identity document"), max_length=60)
    contact_address = IdentifierField(
        label=_("How can we reach you now?"), help_text=_("A mobile number or e-mail address that you can read today.")
    )
    words = forms.CharField(
        label=_("Anything else we should know?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CheckForm(RefusableForm):
    """The first of two confirms who stands there."""

    seen = forms.BooleanField(label=_("I have seen the identity document; face, name and number fit"))
    reason = ReasonField(_("Which document, and what was checked"))


class SettleForm(CheckForm):
    """The counter confirms who stands there, and lets them in."""

    mobile = IdentifierField(
        label=_("New mobile number or e-mail address"), required=False, help_text=_("Only if the old one is lost.")
    )
    name = forms.CharField(
        label=_("Right name"), max_length=60, required=False, help_text=_("Only if the name is wrong.")
    )


class RevealForm(RefusableForm):
    """Why somebody needs the whole document number."""

    reason = ReasonField(_("Why do you need the full number?"))
