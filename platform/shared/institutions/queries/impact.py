"""Impact of a policy change on listed institutions, for the policy desk."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from shared.policy.queries import impact as policy_impact

from ..models import Organisation
from ..states import Standing


@policy_impact.register_impact("institutions", "draw", "sanctions")
def institutions_on_list(change: policy_impact.Change) -> Iterator[policy_impact.ImpactItem]:
    """Yield the institutions on the list."""
    rows = Organisation.objects.filter(state=Standing.LISTED, authority_code__in=change.codes)
    yield policy_impact.ImpactItem(
        _("Institutions on the list"),
        rows.count(),
        _("They stay on it; what is decided from that day on is decided by the new version."),
        "/authority/institutions/",
    )
