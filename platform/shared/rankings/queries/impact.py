"""Ratings and scores that a change of the star method affects, for the policy desk."""

from collections.abc import Iterator

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from shared.policy.queries import impact as policy_impact

from ..models import AuthorityScore, RatingMonth


@policy_impact.register_impact("stars")
def star_year(change: policy_impact.Change) -> Iterator[policy_impact.ImpactItem]:
    """Yield the ratings and the authority's scores that the year of the change holds already."""
    months = RatingMonth.objects.filter(year=change.on.year, institution__organisation__authority_code__in=change.codes)
    how = _("The year is counted by the version of its last day.")
    yield policy_impact.ImpactItem(
        _("Ratings given in the year of the change"), months.aggregate(n=Sum("n"))["n"] or 0, how, "/authority/stars/"
    )
    scores = AuthorityScore.objects.filter(year=change.on.year, authority_code__in=change.codes)
    yield policy_impact.ImpactItem(_("The authority's scores for that year"), scores.count(), how, "/authority/scores/")
