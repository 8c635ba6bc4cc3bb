"""What everybody may see of institutions, where an authority decides about them, and how an operator keeps them."""

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
