"""Questions to trainees, and the star method of the policy."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.dates import MONTHS
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel import tenancy
from kernel.crypto import blind
from kernel.languages import enumeration
from shared.policy.queries import packs as pack_queries

from ..methods import Cut, Item, StarMethod
from ..models import Rating

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Question:
    """One of the things that are rated, 1 to `best`."""

    key: str
    label: str
    source: str
    best: int


@dataclass(frozen=True, slots=True)
class MethodFact:
    """One rule of the method with its source ("" where the platform set it)."""

    name: Words
    value: str
    basis: str
    remark: str = ""


def questions(when: datetime | date) -> tuple[Question, ...]:
    """Return what a trainee is asked, in the order of the law that counts the year."""
    pack = pack_queries.pack_of_year(when)
    best = len(pack.stars.answer_points)
    return tuple(
        Question(item.key, item.label, pack.source(f"stars.items.{item.key}.name").label, best)
        for item in pack.stars.items
    )


def method_at(when: datetime | date) -> StarMethod:
    """Return the method by which the year of `when` is counted: a change begins with the next year."""
    pack = pack_queries.pack_of_year(when)
    stars = pack.stars
    return StarMethod(
        policy=pack.version,
        learner_percent=stars.learner_percent,
        authority_percent=stars.authority_percent,
        minimum_sample=stars.minimum_sample,
        answer_points=stars.answer_points,
        decimals=stars.decimals,
        items=tuple(Item(item.key, item.weight) for item in stars.items),
        cuts=tuple(Cut(cut.stars, cut.at_least) for cut in stars.cuts),
    )


def item_names(method: StarMethod) -> dict[str, str]:
    """Return the names of a method's items by key."""
    return {item.key: item.label for item in pack_queries.pack(method.policy).stars.items}


def method_facts(method: StarMethod) -> list[MethodFact]:
    """Return the method in words, each rule with where it stands."""
    pack = pack_queries.pack(method.policy)

    def fact(name: Words, value: object, path: str) -> MethodFact:
        source = pack.source(f"stars.{path}")
        return MethodFact(name, str(value), source.label if source.from_policy else "", source.remark)

    items = enumeration(f"{item.label} {item.weight} %" for item in pack.stars.items)
    cuts = " · ".join(f"≥ {cut.at_least} → {cut.stars}★" for cut in pack.stars.cuts)
    points = " · ".join(f"{n} → {worth}" for n, worth in enumerate(pack.stars.answer_points, 1))
    return [
        fact(_("Trainees' share"), f"{method.learner_percent} %", "learner_percent"),
        fact(_("Authority's share"), f"{method.authority_percent} %", "authority_percent"),
        fact(_("What is rated"), enumeration(item_names(method).values()), f"items.{pack.stars.items[0].key}.name"),
        fact(_("Weights of the items"), items, f"items.{pack.stars.items[0].key}.weight"),
        fact(_("What an answer is worth"), points, "answer_points"),
        fact(_("Minimum number of ratings"), method.minimum_sample, "minimum_sample"),
        fact(_("Stars"), cuts, f"cuts.{pack.stars.cuts[0].key}"),
        replace(fact(_("Rounding"), _("half up, to %(n)s decimals") % {"n": method.decimals}, "decimals"), remark=""),
        fact(_("Counted every year in"), MONTHS[pack.stars.run_month], "run_month"),
        fact(_("Ratings of"), _("the calendar year before, by the day in China"), "window"),
    ]


def rater_key(enrolment_key: str) -> bytes:
    """Return under what a rating is kept: computed from the enrolment, and not to be read back."""
    return blind(f"rating:{enrolment_key}")


@tenancy.open_public()  # no institution reads ratings one by one
def has_rated(enrolment_key: str) -> bool:
    """Say whether a rating was given under this enrolment."""
    return Rating.objects.filter(rater_key=rater_key(enrolment_key)).exists()
