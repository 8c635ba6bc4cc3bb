"""Reads: one's own certificates, an authority's, an institution's, and what anybody may verify."""

from .lives import Edition, Step, editions, life
from .privacy import bearing
from .rows import (
    Held,
    NotValid,
    by_number,
    current,
    document_path,
    education,
    facts,
    held_by,
    holds_valid,
    masked_id,
    may_decide,
    next_moves,
    of_attempt,
    of_attempts,
    of_institution,
    overseen,
    overseen_by,
    position_name,
    refused_count,
)
from .todos import refused
from .touched import kept_valid, results_waiting
from .verified import Verified, address, token_of, verified, verify_address

__all__ = [
    "Edition",
    "Held",
    "NotValid",
    "Step",
    "Verified",
    "address",
    "bearing",
    "by_number",
    "current",
    "document_path",
    "editions",
    "education",
    "facts",
    "held_by",
    "holds_valid",
    "kept_valid",
    "life",
    "masked_id",
    "may_decide",
    "next_moves",
    "of_attempt",
    "of_attempts",
    "of_institution",
    "overseen",
    "overseen_by",
    "position_name",
    "refused",
    "refused_count",
    "results_waiting",
    "token_of",
    "verified",
    "verify_address",
]
