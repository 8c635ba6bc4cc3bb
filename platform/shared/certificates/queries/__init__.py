"""Reads: one's own certificates, an authority's, an institution's, and what anybody may verify."""

from .impact import results_waiting, valid_certificates
from .lives import Step, VersionSummary, life, version_summaries
from .privacy import papers_with_name
from .rows import (
    HolderCertificate,
    NotValid,
    by_number,
    certificate_for_officer,
    certificates_for_officer,
    certificates_of,
    current,
    document_path,
    education,
    facts,
    holds_valid,
    masked_id,
    may_decide,
    next_moves,
    of_attempt,
    of_attempts,
    of_institution,
    position_name,
    refused_count,
)
from .todos import refused
from .verification import PublicCertificate, address, public_certificate, token_of, verify_address

__all__ = [
    "VersionSummary",
    "HolderCertificate",
    "NotValid",
    "Step",
    "PublicCertificate",
    "address",
    "papers_with_name",
    "by_number",
    "current",
    "document_path",
    "version_summaries",
    "education",
    "facts",
    "certificates_of",
    "holds_valid",
    "valid_certificates",
    "life",
    "masked_id",
    "may_decide",
    "next_moves",
    "of_attempt",
    "of_attempts",
    "of_institution",
    "certificate_for_officer",
    "certificates_for_officer",
    "position_name",
    "refused",
    "refused_count",
    "results_waiting",
    "token_of",
    "public_certificate",
    "verify_address",
]
