"""Impact of a policy change on listed institutions, for the policy desk."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from shared.policy import queries as policy

from ..models import Organisation
from ..states import Standing


@policy.register_impact("institutions", "draw", "sanctions")
def institutions_on_list(change: policy.Change) -> Iterator[policy.ImpactItem]:
    """Yield the institutions on the list."""
    rows = Organisation.objects.filter(state=Standing.LISTED, authority_code__in=change.codes)
    yield policy.ImpactItem(
        _("Institutions on the list"),
        rows.count(),
        _("They stay on it; what is decided from that day on is decided by the new version."),
        "/authority/institutions/",
    )
