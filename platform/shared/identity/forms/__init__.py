"""Forms of identity: the entrance (allauth's, in our words), people, staff, tokens, recovery."""

from .entrance import ActivateForm, CodeForm, DeactivateForm, ResetForm, SignInForm, SignUpForm
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
    "CodeForm",
    "DeactivateForm",
    "EndForm",
    "InvitationForm",
    "InviteOfficerForm",
    "InviteStaffForm",
    "PersonForm",
    "RecoveryForm",
    "ResetForm",
    "RevealForm",
    "SettleForm",
    "SignInForm",
    "SignUpForm",
    "TokenForm",
]
