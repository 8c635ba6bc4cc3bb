"""Forms of identity: the entrance (allauth's, in our words), people, staff, tokens, recovery."""

from .entrance import ActivateForm, CodeForm, ResetForm, SignInForm, SignUpForm
from .passkeys import AddPasskeyForm, PasskeyForm, PasskeyLoginForm, PasskeyReauthenticationForm
from .people import (
    EndForm,
    InvitationForm,
    InviteOfficerForm,
    InviteStaffForm,
    PersonForm,
    RecoveryForm,
    RevealForm,
    SettleForm,
    TokenForm,
)

__all__ = [
    "ActivateForm",
    "AddPasskeyForm",
    "CodeForm",
    "EndForm",
    "InvitationForm",
    "InviteOfficerForm",
    "InviteStaffForm",
    "PasskeyForm",
    "PasskeyLoginForm",
    "PasskeyReauthenticationForm",
    "PersonForm",
    "RecoveryForm",
    "ResetForm",
    "RevealForm",
    "SettleForm",
    "SignInForm",
    "SignUpForm",
    "TokenForm",
]
