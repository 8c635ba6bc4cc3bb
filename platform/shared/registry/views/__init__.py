"""Pages of the registry."""

from .applicants import apply, begin, commitment, evidence, lines, mine, removal, submission, withdrawal
from .officers import checks, commitments, objection, opinion, self_check, verification
from .public import notice, notices

__all__ = [
    "apply",
    "begin",
    "checks",
    "commitment",
    "commitments",
    "evidence",
    "lines",
    "mine",
    "notice",
    "notices",
    "objection",
    "opinion",
    "removal",
    "self_check",
    "submission",
    "verification",
    "withdrawal",
]
