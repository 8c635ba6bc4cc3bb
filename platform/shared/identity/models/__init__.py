"""Tables of identity: accounts and what lets them in, people, and what a person may have only once."""

from .accounts import Account, ApiToken, RecoveryRequest, RoleGrant, SignIn
from .claims import ActiveEnrolment, LearningLease, SeatLease
from .consents import Consent, ConsentText
from .people import Employer, Person

__all__ = [
    "Account",
    "ActiveEnrolment",
    "ApiToken",
    "Consent",
    "ConsentText",
    "Employer",
    "LearningLease",
    "Person",
    "RecoveryRequest",
    "RoleGrant",
    "SeatLease",
    "SignIn",
]
