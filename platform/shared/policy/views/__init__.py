"""The law as everybody may read it, the desk for ceilings, and the desk where the next version is drafted."""

from .calendar import calendar, clearing, days, plans
from .caps import cap, caps, ending, new_cap
from .desk import approval, desk, draft, drafts, imports, returning, submission, version, version_file, withdrawal
from .drafting import draft_file, draft_section
from .packs import pack, pack_version, pack_version_file

__all__ = [
    "approval",
    "calendar",
    "cap",
    "caps",
    "clearing",
    "days",
    "desk",
    "draft",
    "draft_file",
    "draft_section",
    "drafts",
    "ending",
    "imports",
    "new_cap",
    "pack",
    "pack_version",
    "pack_version_file",
    "plans",
    "returning",
    "submission",
    "version",
    "version_file",
    "withdrawal",
]
