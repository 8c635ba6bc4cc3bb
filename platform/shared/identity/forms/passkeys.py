"""allauth's forms for passkeys, with what it leaves open: which page asked, and what is no answer of a device."""

import binascii
import json
from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from fido2.utils import websafe_decode

from .. import adapters
from ..queries import accounts as account_queries


def _origin_of(credential: Any) -> str:
    """Return the host of the page that asked the device; empty where this is no answer of a device."""
    try:
        client_data = json.loads(websafe_decode(credential["response"]["clientDataJSON"]))
        return urlsplit(client_data["origin"]).hostname or ""
    except (KeyError, TypeError, ValueError, binascii.Error):
        return ""


class _OwnPage(forms.JSONField):
    """What a device signed for a page of the platform's own host.

    A browser lets the pages of institutions' hosts, below it, ask for the same passkeys; nobody signs in there.
    """

    def __init__(self) -> None:
        super().__init__(required=True, widget=forms.HiddenInput)

    def clean(self, value: Any) -> Any:
        credential = super().clean(value)
        if _origin_of(credential) != settings.NUOXING_HOST:
            raise get_adapter().validation_error("incorrect_code")
        return credential


class PasskeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    """A passkey as the second step after the password."""

    credential = _OwnPage()


class PasskeyLoginForm(LoginWebAuthnForm):  # type: ignore[misc]  # as above
    """A passkey alone."""

    credential = _OwnPage()


class PasskeyReauthenticationForm(ReauthenticateWebAuthnForm):  # type: ignore[misc]  # as above
    """A passkey shown again."""

    credential = _OwnPage()


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # as above
    """Adds a passkey: kept by the device, opened by its owner's finger, face or PIN, so that it is both factors."""

    name = forms.CharField(label=_("Name of this passkey"), max_length=100, required=False)
    credential = _OwnPage()
    passwordless = forms.BooleanField(widget=forms.HiddenInput, initial=True)

    def clean(self) -> Any:
        """Check what the device signed. The first factor set up counts for this session, as a code's proof does; where
        there is a second factor already, a session that has not shown it adds nothing."""
        strong = adapters.has_shown_second_factor(context.request, self.user)
        if account_queries.has_second_factor(self.user.pk) and not strong:
            raise forms.ValidationError(_("Confirm your second factor first, then add a passkey."))
        data = super().clean()
        if self.errors:
            return data
        record_authentication(context.request, self.user, "mfa", type="webauthn", reauthenticated=True)
        return data
