"""What everybody may see of institutions, where an authority decides about them, and how an operator keeps them."""

from .keeping import (
    approval,
    archive,
    copy_place,
    copy_removal,
    deletion,
    housing,
    keeping,
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
    "housing",
    "institution",
    "jurisdiction",
    "keeping",
    "listing",
    "reopening",
    "retirement",
    "ruling",
    "withdrawal",
]
