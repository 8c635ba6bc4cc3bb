"""Adapters of allauth: how it finds accounts, sends messages and stores second factors."""

from io import BytesIO
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows import login as sign_in_flow
from allauth.account.stages import EmailVerificationStage
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel import clock, crypto, idnumbers, tenancy
from kernel.web.callers import client_ip
from kernel.web.http import address

from .. import methods
from ..models.accounts import Account, SignIn
from .sending import TooManyMessages as TooManyMessages
from .sending import count_message as count_message
from .sending import demand_room as demand_room
from .sending import language as language
from .sending import queue_message as queue_message
from .sending import send_code as send_code
from .sign_ins import end_idle as end_idle
from .sign_ins import record_use as record_use
from .tokens import end_tokens as end_tokens

RECENT_SIGN_IN_SECONDS = 300  # a sign-in this young counts as having shown oneself again
CODE_TEMPLATES = {
    "account/email/email_confirmation_signup",
    "account/email/email_confirmation",
    "account/email/login_code",
}
ASKED_BY_ANYBODY = CODE_TEMPLATES | {
    "account/email/account_already_exists",
    "account/email/unknown_account",
    "account/email/password_reset_key",
}


class InvitationTokens(PasswordResetTokenGenerator):
    """Tokens that set an invited person's first password; dead once a password is set, and after three days."""

    key_salt = "nuoxing.identity.invitation"


invitations = InvitationTokens()


class MobileField(forms.CharField):
    """A mobile number, normalised."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})

    def clean(self, value: Any) -> str:
        """Return the eleven digits."""
        text = super().clean(value)
        try:
            return idnumbers.mobile(text) if text else ""
        except idnumbers.NotAMobile as refusal:
            raise forms.ValidationError(str(refusal)) from None


class OwnEmailStage(EmailVerificationStage):  # type: ignore[misc]  # allauth is untyped
    """Asks for a code only from those who have an e-mail address: a mobile number is as good."""

    def handle(self) -> Any:
        """Skip accounts that are found by their mobile number."""
        account = self.login.user
        if account is not None and account.mobile_verified_at is not None:
            return None, True
        return super().handle()


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # as above
    """How allauth finds and reaches our accounts."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The mobile number or e-mail address and the password do not fit together."),
        "phone_password_mismatch": _("The mobile number or e-mail address and the password do not fit together."),
        "username_password_mismatch": _("The mobile number or e-mail address and the password do not fit together."),
        "incorrect_code": _("This code is not right. Look at the newest message."),
        "incorrect_password": _("The password is not right."),
        "too_many_login_attempts": _("Too many attempts. Please wait a few minutes and try again."),
        "rate_limited": _("Please wait a little before you ask for another code."),
        "phone_taken": _("This mobile number cannot be used here. The counter can help: see “Lost your phone”."),
        "email_taken": _("This e-mail address cannot be used here. The counter can help: see “Lost your phone”."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address by which allauth counts attempts (of IPv6 it takes the site's network)."""
        return client_ip(request)

    def phone_form_field(self, **kwargs: Any) -> MobileField:
        """Return the field for a mobile number."""
        return MobileField(**({"label": _("Mobile number")} | kwargs))

    def get_user_by_phone(self, phone: str) -> Account | None:
        """Return the account found by a mobile number, verified or not."""
        try:
            number = idnumbers.mobile(phone)
        except idnumbers.NotAMobile:
            return None
        return Account.objects.filter(mobile_blind=crypto.blind(number)).first()

    def get_phone(self, user: Account) -> tuple[str, bool] | None:
        """Return the mobile number and whether a code sent to it came back."""
        return (user.mobile.reveal(), user.mobile_verified_at is not None) if user.mobile else None

    def set_phone(self, user: Account, phone: str, verified: bool) -> None:
        """Keep a mobile number."""
        number = idnumbers.mobile(phone)
        user.mobile, user.mobile_blind = number, crypto.blind(number)  # type: ignore[assignment]  # the field seals it
        user.mobile_verified_at = clock.real_now() if verified else None
        user.save(update_fields=["mobile", "mobile_blind", "mobile_verified_at"])
        user.refresh_from_db(fields=["mobile"])

    def set_phone_verified(self, user: Account, phone: str) -> None:
        """Note that a code sent to the number came back."""
        self.set_phone(user, phone, True)

    def send_verification_code_sms(self, user: Account, phone: str, code: str, **kwargs: Any) -> None:
        """Send a code."""
        self._demand_room(phone)
        queue_message(phone, "identity.code", code=code)

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        """Tell a number that no account is found by it, so that nobody else learns it."""
        self._demand_room(phone)
        queue_message(phone, "identity.unknown_account", url=methods.platform_url("/account/signup/"))

    def send_account_already_exists_sms(self, phone: str) -> None:
        """Tell a number that it has an account already."""
        self._demand_room(phone)
        queue_message(phone, "identity.account_exists", url=methods.platform_url("/account/password/reset/"))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send what allauth would mail in our words."""
        if template_prefix in ASKED_BY_ANYBODY:
            self._demand_room(email)
        if template_prefix in CODE_TEMPLATES:
            queue_message(email, "identity.code", code=context["code"])
        elif template_prefix == "account/email/account_already_exists":
            queue_message(email, "identity.account_exists", url=context["password_reset_url"])
        elif template_prefix == "account/email/unknown_account":
            queue_message(email, "identity.unknown_account", url=context["signup_url"])
        elif template_prefix == "account/email/password_reset_key":
            queue_message(email, "identity.password_reset", url=context["password_reset_url"])
        else:
            queue_message(email, "identity.security", url=methods.platform_url("/account/"))

    def send_notification_mail(
        self, template_prefix: str, user: Account, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell somebody that the keys to their account were changed, by whatever way they have."""
        to = email or user.email or (user.mobile.reveal() if user.mobile else "")
        if to:
            queue_message(to, "identity.security", url=methods.platform_url("/account/"))

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Show allauth's message. A code that was sent, or would have been were there such an account, is counted; in
        a demonstration it is also said where it can be read.
        """
        sent = (message_template or "").endswith("_sent.txt")
        if sent and args and (to := args[0].get("phone") or args[0].get("email")):
            count_message(request, to)
        super().add_message(request, level, message_template, *args, **kwargs)
        if settings.NUOXING_DEMO and sent:
            words = _("Demonstration: nothing was really sent. Read the code in the outbox.")
            messages.info(request, format_html('<a href="{}" target="_blank">{}</a>', address("demo-outbox"), words))

    def _demand_room(self, to: str) -> None:
        """Refuse (TooManyMessages) what somebody asks for too often; what no request asks for has no ceiling."""
        if (request := allauth_context.request) is not None:
            demand_room(request, to)

    def get_login_stages(self) -> list[str]:
        """Return the steps of signing in, with our own for e-mail."""
        ours = f"{OwnEmailStage.__module__}.{OwnEmailStage.__qualname__}"
        theirs = "allauth.account.stages.EmailVerificationStage"
        return [ours if step == theirs else step for step in super().get_login_stages()]

    def login(self, request: HttpRequest, user: Account) -> None:
        """Sign in at this host; what grows from it elsewhere ends with it."""
        super().login(request, user)
        if not sign_in_flow.get_authentication_records(request, user):  # who signed up or was invited set it just now
            sign_in_flow.record_authentication(request, user, method="sign-up")
        row = SignIn.objects.create(account=user, began_at=clock.real_now())
        if user.language != language():
            user.language = language()
            user.save(update_fields=["language"])
        request.session["sign_in"] = str(row.pk)
        request.session["host"] = request.host  # type: ignore[attr-defined]  # set by HostMiddleware

    def logout(self, request: HttpRequest) -> None:
        """Sign out here and at every host to which this sign-in led."""
        if sign_in := request.session.get("sign_in"):
            with tenancy.open_public():  # a sign-in is one for all hosts, and none of them changes others' rows
                SignIn.objects.filter(pk=sign_in, ended_at=None).update(ended_at=clock.real_now())
        super().logout(request)

    def downgrade(self, request: HttpRequest) -> None:
        """Forget that this session had a second factor, and end all others of the account."""
        account = request.user
        assert isinstance(account, Account)  # allauth's page asks for a sign-in
        SignIn.objects.filter(account=account, ended_at=None).update(ended_at=clock.real_now())
        row = SignIn.objects.create(account=account, began_at=clock.real_now())
        request.session["sign_in"] = str(row.pk)
        records = sign_in_flow.get_authentication_records(request, account)
        request.session[sign_in_flow.AUTHENTICATION_METHODS_SESSION_KEY] = [r for r in records if r["method"] != "mfa"]

    def is_safe_url(self, url: str) -> bool:
        """Say whether one may be sent on to `url`: only to a path on this very host."""
        return methods.local_path(url, "") == url and bool(url)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Say whether the password is asked again before the keys are changed: not within minutes of a sign-in."""
        request = allauth_context.request
        records = sign_in_flow.get_authentication_records(request, request.user)
        recent = records and clock.real_now().timestamp() - records[-1]["at"] < RECENT_SIGN_IN_SECONDS
        return not recent and bool(super().is_reauthentication_required(app=app, **kwargs))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures per identifier; allauth's own key leaves mobile numbers out, one count for all of them."""
        text = next((str(credentials[k]) for k in ("email", "phone", "username") if credentials.get(k)), "")
        try:
            identifier = methods.identifier(text)
        except methods.NotAnIdentifier:
            return "login:other"
        return f"login:{crypto.blind(identifier.value).hex()}"


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # as above
    """How allauth keeps second factors: sealed at rest, labelled without telling a whole number."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Wait for the next one and try again."),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return crypto.encrypt(text).hex()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return crypto.decrypt(bytes.fromhex(encrypted_text))

    def get_totp_label(self, user: Account) -> str:
        """Return what the authenticator shows under the platform's name."""
        return user.masked_identifier or str(user)

    def get_totp_issuer(self) -> str:
        """Return the platform's name."""
        return "Nuoxing 诺星"

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code."""
        import segno  # 4 MB, for a QR code now and then

        image = BytesIO()
        segno.make(url, error="m").save(image, kind="svg", scale=5, border=2)
        return image.getvalue().decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return for whom passkeys are: the platform's host, the only one at which anybody signs in."""
        return {"id": settings.NUOXING_HOST, "name": self.get_totp_issuer()}

    def get_public_key_credential_user_entity(self, user: Account) -> dict[str, Any]:
        """Return what a device shows beside a passkey: the name and the masked identifier."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": str(user), "name": self.get_totp_label(user)}

    def generate_authenticator_name(self, user: Account, type: str) -> str:  # noqa: A002  # allauth's name
        """Return a name for a new passkey, until its owner gives another."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)s") % {"number": count + 1}


def has_shown_second_factor(request: HttpRequest, account: Account) -> bool:
    """Say whether a session has a second factor behind it: a code of an authenticator, or a passkey."""
    return any(record["method"] == "mfa" for record in sign_in_flow.get_authentication_records(request, account))


@receiver(authenticator_removed, dispatch_uid="identity.weaken")
def downgrade_without_factor(request: HttpRequest, user: Account, **_signal: Any) -> None:
    """When the last second factor was taken away, no session anywhere counts as strong any more."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    if not Authenticator.objects.filter(user_id=user.pk, type__in=kinds).exists():
        AccountAdapter(request).downgrade(request)
