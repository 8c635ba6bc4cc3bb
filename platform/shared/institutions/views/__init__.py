"""Pages of institutions: public, of the deciding authority, and of the hosting operator."""

from .hosting import (
    approval,
    archive,
    copy_place,
    copy_removal,
    deletion,
    hosting,
    hosting_detail,
    reopening,
    retirement,
    withdrawal,
)
from .listing import enrolment, home, institution, jurisdiction, listing, ruling

__all__ = [
    "approval",
    "archive",
    "copy_place",
    "copy_removal",
    "deletion",
    "enrolment",
    "home",
    "hosting",
    "hosting_detail",
    "institution",
    "jurisdiction",
    "listing",
    "reopening",
    "retirement",
    "ruling",
    "withdrawal",
]
