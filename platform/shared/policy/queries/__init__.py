"""Reads of the law as data: the pack in force, working days, authorities, ceilings, who may enrol.

Every value that comes from a pack can say where it stands: `pack.source("clocks.notice_days")`.
"""

from ..methods.eligibility import Eligible, NotEligible, Reason, age_on
from ..methods.pack import Pack, Source
from ..methods.shapes.admission import Position
from ..methods.workdays import WorkingDay
from .authorities import AuthorityValue, authorities, authority, authority_for
from .calendar import Term, TermDay, due_after, term, working_days_left, working_days_left_each
from .caps import FeeCapValue, cap, cap_at, cap_life, cap_names, caps
from .packs import (
    NoPolicy,
    PackVersion,
    UnknownKey,
    body,
    eligibility,
    last_revision,
    pack,
    pack_at,
    position,
    positions,
    versions,
)

__all__ = [
    "AuthorityValue",
    "Eligible",
    "FeeCapValue",
    "NoPolicy",
    "NotEligible",
    "Pack",
    "PackVersion",
    "Position",
    "Reason",
    "Source",
    "Term",
    "TermDay",
    "UnknownKey",
    "WorkingDay",
    "age_on",
    "authorities",
    "authority",
    "authority_for",
    "body",
    "cap",
    "cap_at",
    "cap_life",
    "cap_names",
    "caps",
    "due_after",
    "eligibility",
    "last_revision",
    "pack",
    "pack_at",
    "position",
    "positions",
    "term",
    "versions",
    "working_days_left",
    "working_days_left_each",
]
