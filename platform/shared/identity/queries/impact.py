"""Impact of a policy change on running trainings, for the policy desk."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from shared.policy import queries as policy

from ..models import ActiveEnrolment


@policy.register_impact("eligibility", "retirement", "learning", "retest", "positions")
def running_enrolments(change: policy.Change) -> Iterator[policy.ImpactItem]:
    """Yield the enrolments that run, as their institutions have told."""
    yield policy.ImpactItem(
        _("Enrolments that run"),
        ActiveEnrolment.objects.filter(released_at=None).count(),
        _("Who was admitted stays admitted; hours and re-tests are counted by the version of their day."),
    )
