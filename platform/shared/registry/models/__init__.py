"""Tables of the commitment registry."""

from .announcements import Announcement
from .commitments import Commitment, Evidence, Line, Submission
from .publicity import Objection, PublicNotice, Upload
from .verifications import Check, Verification

__all__ = [
    "Announcement",
    "Check",
    "Commitment",
    "Evidence",
    "Line",
    "Objection",
    "PublicNotice",
    "Submission",
    "Upload",
    "Verification",
]
