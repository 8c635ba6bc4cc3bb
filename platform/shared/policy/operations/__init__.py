"""Writes of the law as data: load packs and authorities, correct the calendar, enter and end ceilings."""

from .caps import CapCannotEnd, CapOverlaps, DecisionNeeded, end_cap, enter_cap, settle_caps
from .packs import FileUnreadable, VersionTaken, load_authorities, load_authority_list, load_pack, load_packs, set_day

__all__ = [
    "CapCannotEnd",
    "CapOverlaps",
    "DecisionNeeded",
    "FileUnreadable",
    "VersionTaken",
    "end_cap",
    "enter_cap",
    "load_authorities",
    "load_authority_list",
    "load_pack",
    "load_packs",
    "set_day",
    "settle_caps",
]
