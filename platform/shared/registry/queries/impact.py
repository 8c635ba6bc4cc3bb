"""Open cases of the registry that a change of the policy affects, for the policy desk."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shared.policy.queries import impact as policy_impact

from ..models.commitments import Commitment
from ..models.publicity import PublicNotice
from ..states import State

OPEN = (State.DRAFT, State.SUBMITTED, State.FALSE, State.RETURNED)


@policy_impact.register_impact("clocks.verification_days")
def running_verifications(change: policy_impact.Change) -> Iterator[policy_impact.ImpactItem]:
    """Yield the commitments that wait for verification on site on the day of a change."""
    rows = Commitment.objects.filter(state=State.SUBMITTED, authority_code__in=change.codes)
    yield policy_impact.ImpactItem(
        _("Commitments waiting for verification"),
        rows.filter(due_on__gte=change.on).count(),
        _("They keep the term under which they were submitted; what is begun from that day on has the new one."),
        "/authority/commitments/",
    )


@policy_impact.register_impact("clocks.notice_days")
def running_notices(change: policy_impact.Change) -> Iterator[policy_impact.ImpactItem]:
    """Yield the public notices that still run on the day of a change."""
    rows = PublicNotice.objects.filter(ended_at=None, commitment__authority_code__in=change.codes)
    yield policy_impact.ImpactItem(
        _("Public notices that run"),
        rows.filter(due_on__gte=change.on).count(),
        _("They end on the day that they name; what is posted from that day on has the new term."),
        "/notices/",
    )


@policy_impact.register_impact("commitment", "institutions", "positions")
def open_commitments(change: policy_impact.Change) -> Iterator[policy_impact.ImpactItem]:
    """Yield the commitments that are not settled."""
    rows = Commitment.objects.filter(state__in=OPEN)
    of_ours = Q(organisation__authority_code__in=change.codes) | Q(authority_code__in=change.codes)
    yield policy_impact.ImpactItem(
        _("Commitments being written or verified"),
        rows.filter(of_ours).count(),
        _("They keep the form of the version under which they were begun; new ones have the new form."),
        "/authority/commitments/",
    )
