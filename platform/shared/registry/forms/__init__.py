"""Forms of the registry."""

from .applicants import ApplyForm, CommitmentForm, EvidenceForm, SignForm, WithdrawForm
from .officers import ChecksForm, DecisionForm, ExistingForm, OpinionForm
from .public import ObjectionForm

__all__ = [
    "ApplyForm",
    "ChecksForm",
    "CommitmentForm",
    "DecisionForm",
    "EvidenceForm",
    "ExistingForm",
    "ObjectionForm",
    "OpinionForm",
    "SignForm",
    "WithdrawForm",
]
