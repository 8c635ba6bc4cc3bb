"""The authority scores its institutions for a year, item by item, with reasons (policy part 5)."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, audit, conflicts
from kernel.access import Actor
from kernel.clock import legal_day
from kernel.conflicts import Stamps
from kernel.errors import Invalid
from kernel.reasons import require

from .. import rules
from ..models import AuthorityScore
from ..queries import questions as ranking_questions
from ..queries import scores as score_queries


class ScoreIncomplete(Invalid):
    """Every item has its points and its reason."""

    code = "score-incomplete"
    message = _("Each item needs 0 to 100 points and a reason.")


class YearNotBegun(Invalid):
    """A year that has not begun cannot be scored."""

    code = "year-not-begun"
    message = _("%(year)s has not begun yet.")


def enter_authority_score(
    *,
    institution_id: uuid.UUID,
    year: int,
    scores: Mapping[str, int],
    reasons: Mapping[str, str],
    made_from: Stamps | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Enter, or enter anew, what the authority gives an institution for a year; runs made before keep what they froze.

    `made_from` are the stamps of what the page showed. Refuses (NotFound) institutions of other authorities, a year
    ahead (YearNotBegun), items without whole points of 0 to 100 (ScoreIncomplete) or without a reason (ReasonRequired),
    at the item's field, and an item that another officer changed too (ChangedMeanwhile).
    """
    access.demand(by, rules.scores)
    if year > legal_day(at).year:
        raise YearNotBegun(year=year)
    method = ranking_questions.method_at(at)
    for item in method.items:
        points = scores.get(item.key)
        if type(points) is not int or not 0 <= points <= 100:
            raise ScoreIncomplete(field=f"score_{item.key}")
    grounds = {
        item.key: require(reasons.get(item.key, ""), field=f"reason_{item.key}", longest=300) for item in method.items
    }
    entered = {item.key: [scores[item.key], grounds[item.key]] for item in method.items}
    values: dict[str, Any] = {
        "scores": {key: points for key, (points, _reason) in entered.items()},
        "reasons": grounds,
        "policy": method.policy,
        "entered_by": access.account_of(by),
        "entered_at": at,
    }
    with transaction.atomic():
        institution = score_queries.institution_for_scoring(by, institution_id)
        row, created = AuthorityScore.objects.select_for_update(of=("self",)).get_or_create(
            institution_id=institution_id,
            year=year,
            defaults={**values, "authority_code": institution.authority_code},
        )
        before = {} if created else audit.values(row, "scores", "reasons")
        stored = {} if created else score_queries.by_item(row.scores, row.reasons)
        now = {item.key: stored.get(item.key) for item in method.items}
        both = now | conflicts.changes(seen=made_from, stored=now, entered=entered)
        values["scores"], values["reasons"] = ({key: pair[n] for key, pair in both.items() if pair} for n in (0, 1))
        for name, value in values.items():
            setattr(row, name, value)
        if not created:
            row.save(update_fields=list(values))
        after = audit.values(row, "year", "scores", "reasons")
        audit.note("authority-score.enter", row, by=by, at=at, before=before, after=after, policy=method.policy)
