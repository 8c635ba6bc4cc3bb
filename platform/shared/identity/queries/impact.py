"""Impact of a policy change on running trainings, for the policy desk."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from shared.policy.queries import impact as policy_impact

from ..models.claims import ActiveEnrolment


@policy_impact.register_impact("eligibility", "retirement", "learning", "retest", "positions")
def running_enrolments(change: policy_impact.Change) -> Iterator[policy_impact.ImpactItem]:
    """Yield the enrolments that run, as their institutions reported them."""
    yield policy_impact.ImpactItem(
        _("Enrolments that run"),
        ActiveEnrolment.objects.filter(released_at=None).count(),
        _("Who was admitted stays admitted; hours and re-tests are counted by the version of their day."),
    )
