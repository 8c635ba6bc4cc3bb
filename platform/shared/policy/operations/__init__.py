"""Writes of the law as data: load packs and authorities, correct the calendar, enter and end ceilings."""

from .caps import CapCannotEnd, CapOverlaps, DecisionNeeded, end_cap, enter_cap, settle_caps
from .packs import (
    FileUnreadable,
    RevisionTooEarly,
    VersionTaken,
    load_authorities,
    load_authority_list,
    load_pack,
    load_packs,
    load_revision,
    set_day,
)

__all__ = [
    "CapCannotEnd",
    "CapOverlaps",
    "DecisionNeeded",
    "FileUnreadable",
    "RevisionTooEarly",
    "VersionTaken",
    "end_cap",
    "enter_cap",
    "load_authorities",
    "load_authority_list",
    "load_pack",
    "load_packs",
    "load_revision",
    "set_day",
    "settle_caps",
]
