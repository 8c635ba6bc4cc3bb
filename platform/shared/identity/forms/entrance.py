"""allauth's forms with one field for a mobile number or an e-mail address."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    LoginForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    SignupForm,
    default_token_generator,
)
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from kernel import names
from kernel.web.http import address

from .. import adapters, methods
from ..models.accounts import Account
from ..operations import accounts


class IdentifierField(forms.CharField):
    """A mobile number or an e-mail address; gives the normalised text."""

    def __init__(self, **kwargs: Any) -> None:
        """Set the label and what the browser may fill in."""
        attrs = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        kwargs.setdefault("label", _("Mobile number or e-mail address"))
        super().__init__(widget=forms.TextInput(attrs=attrs), max_length=254, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the normalised text, or say at the field what is taken."""
        text = super().clean(value)
        try:
            return methods.identifier(text).value if text else ""
        except methods.NotAnIdentifier as refusal:
            raise forms.ValidationError(str(refusal)) from None


def require_room(value: str) -> str:
    """Return the identifier, or say at its field that no more messages are sent to it now."""
    try:
        adapters.demand_room(context.request, value)
    except adapters.TooManyMessages as refusal:
        raise forms.ValidationError(str(refusal)) from None
    return value


def kind_of(value: str) -> str:
    """Return allauth's name for the kind of a normalised identifier."""
    return "email" if "@" in value else "phone"


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth is untyped
    """Identifier and password; what is wrong is said at the password, the same whether or not the account exists."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put our field in place of allauth's."""
        super().__init__(*args, **kwargs)
        self.fields["login"] = IdentifierField()
        self.fields["remember"].label = _("Stay signed in on this device")
        self.order_fields(["login", "password", "remember"])

    def _clean_with_password(self, credentials: dict[str, Any]) -> Any:
        try:
            return super()._clean_with_password(credentials)
        except forms.ValidationError as fault:
            self.add_error("password", fault)
            return self.cleaned_data


class SignUpForm(SignupForm):  # type: ignore[misc]  # as above
    """One account per person: name, identifier, password, and the privacy notice."""

    name = forms.CharField(label=_("Your name"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    identifier = IdentifierField(help_text=_("A code is sent to it. You sign in with it later."))
    agree = forms.BooleanField(label=_("I have read the privacy notice and agree"))

    field_order = ("name", "identifier", "password1", "agree")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take out allauth's two fields for what ours takes in one."""
        super().__init__(*args, **kwargs)
        self.fields.pop("email")
        self.fields.pop("phone")
        link = format_html('<a href="{}" target="_blank">{}</a>', address("privacy-notice"), _("Privacy notice"))
        self.fields["agree"].help_text = link
        self.fields["password1"].help_text = _("At least 10 characters, not only digits.")
        self.order_fields(list(self.field_order))

    def clean_name(self) -> str:
        """Return the name in order."""
        try:
            return names.person_name(self.cleaned_data["name"])
        except names.NotAName as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean_identifier(self) -> str:
        """Ask whether a code can be sent."""
        return require_room(self.cleaned_data["identifier"])

    def clean(self) -> Any:
        """Tell allauth what was given as what it knows."""
        if value := self.cleaned_data.get("identifier"):
            self.cleaned_data[kind_of(value)] = value
        return super().clean()

    def try_save(self, request: HttpRequest) -> Any:
        """Make the account, or answer just the same where there is one and tell its owner."""
        value = self.cleaned_data["identifier"]
        accounts.delete_unverified(identifier=value)
        self.account_already_exists = accounts.is_taken(value)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)

    def signup(self, request: HttpRequest, user: Account) -> None:
        """Keep the name and the consent."""
        accounts.record_sign_up(
            account_id=user.pk,
            name=self.cleaned_data["name"],
            at=request.now,  # type: ignore[attr-defined]  # set by ClockMiddleware
        )
        user.refresh_from_db(fields=["name", "language"])


class ResetForm(ResetPasswordForm):  # type: ignore[misc]  # as above
    """Asks for a link to set a new password, by SMS or e-mail; answers alike for unknown accounts."""

    email = IdentifierField()

    def clean_email(self) -> str:
        """Find whose it is."""
        value = require_room(self.cleaned_data["email"])
        self.users: list[Account] = []
        return super().clean_email() if kind_of(value) == "email" else value

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send the link, and count it."""
        value = self._send(request, **kwargs)
        adapters.count_message(request, value)
        return value

    def _send(self, request: HttpRequest, **kwargs: Any) -> str:
        value: str = self.cleaned_data["email"]
        if kind_of(value) == "email":
            return str(super().save(request, **kwargs))
        adapter = get_adapter()
        account = adapter.get_user_by_phone(value)
        if account is None:
            adapter.send_unknown_account_sms(value)
            return value
        key = f"{user_pk_to_url_str(account)}-{default_token_generator.make_token(account)}"
        adapters.demand_room(request, value)
        adapters.queue_message(value, "identity.password_reset", url=adapter.get_reset_password_from_key_url(key))
        return value


class CodeForm(RequestLoginCodeForm):  # type: ignore[misc]  # as above
    """Asks for a code to sign in without a password."""

    identifier = IdentifierField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take out allauth's two fields for what ours takes in one."""
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - {"identifier"}:
            self.fields.pop(name)

    def clean_identifier(self) -> str:
        """Ask whether a code can be sent."""
        return require_room(self.cleaned_data["identifier"])

    def clean(self) -> Any:
        """Find whose it is. An account that somebody began with this identifier and never proved is not let in: it
        holds a stranger's password."""
        data = super().clean()
        value = self.cleaned_data.get("identifier")
        if not value:
            return data
        self.cleaned_data[kind_of(value)] = value
        try:
            self.clean_email() if kind_of(value) == "email" else self.clean_phone()
        except forms.ValidationError as fault:
            self.add_error("identifier", fault)
        account: Account | None = getattr(self, "_user", None)
        if account is not None and accounts.is_unverified(account.pk):
            self._user = None
        return self.cleaned_data


class CodeField(forms.CharField):
    """The six digits of an authenticator: another thing than a code that is sent, so its label says whose it is."""

    def __init__(self, **kwargs: Any) -> None:
        """Set the label and the keys that a phone shows; a recovery code has letters, so no digits alone."""
        attrs = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        super().__init__(widget=forms.TextInput(attrs=attrs), max_length=64, **kwargs)


class SecondStepForm(AuthenticateForm):  # type: ignore[misc]  # as above
    """Asks for the second step after the password."""

    code = CodeField(label=_("Authenticator code or recovery code"))


class SecondStepAgainForm(ReauthenticateForm):  # type: ignore[misc]  # as above
    """Asks for the second step once more, before something grave."""

    code = CodeField(label=_("Authenticator code or recovery code"))


class ActivateForm(ActivateTOTPForm):  # type: ignore[misc]  # as above
    """Sets up an authenticator; the code that proves it also counts as this session's second factor."""

    code = CodeField(label=_("Authenticator code"))

    def clean_code(self) -> str:
        """Check the code."""
        code: str = super().clean_code()
        record_authentication(context.request, self.user, "mfa", type="totp", reauthenticated=True)
        return code
