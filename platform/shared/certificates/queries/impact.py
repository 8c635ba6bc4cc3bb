"""Certificates that a change of the policy affects, for the policy desk."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from shared.policy.queries import impact as policy_impact

from ..models import Certificate
from ..states import CertificateState


@policy_impact.register_impact("education")
def valid_certificates(change: policy_impact.Change) -> Iterator[policy_impact.ImpactItem]:
    """Yield the certificates that continuing education keeps valid."""
    rows = Certificate.objects.filter(state=CertificateState.ISSUED)
    ours = rows.filter(institution__organisation__authority_code__in=change.codes)
    yield policy_impact.ImpactItem(
        _("Certificates kept valid by continuing education"),
        ours.count(),
        _("Hours are counted by the version of the day on which they are counted."),
        "/authority/certificates/",
    )


@policy_impact.register_impact("certificates", "positions")
def results_waiting(change: policy_impact.Change) -> Iterator[policy_impact.ImpactItem]:
    """Yield the results that wait for their certificate."""
    rows = Certificate.objects.filter(state=CertificateState.REQUESTED)
    ours = rows.filter(institution__organisation__authority_code__in=change.codes)
    yield policy_impact.ImpactItem(
        _("Results waiting for a certificate"),
        ours.count(),
        _("They keep the version under which the test was passed."),
        "/authority/certificates/",
    )
