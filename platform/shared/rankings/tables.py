"""Stars as tables: a year's, an authority's scores, the runs."""

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.columns import PartColumn, ShortTimeColumn, StateColumn

from .queries import tables as ranking_tables

NUMBER = {"td": {"class": "nx-num"}, "th": {"class": "nx-num"}}


class RankingTable(tables.Table):
    """A year's table: place, institution, stars, figures, spread."""

    place = tables.Column(verbose_name=_("Rank"), attrs=NUMBER)
    name = PartColumn(verbose_name=_("Training institution"), template_name="rankings/parts/institution_cell.html")
    stars = PartColumn(verbose_name=_("Stars"), template_name="rankings/parts/stars_cell.html", empty_values=())
    total = tables.Column(verbose_name=_("Total score"), attrs=NUMBER)
    learner = tables.Column(verbose_name=_("Trainees' mean"), attrs=NUMBER)
    authority = tables.Column(verbose_name=_("Authority's score"), attrs=NUMBER)
    n = tables.Column(verbose_name=_("Ratings"), attrs=NUMBER)
    response_rate = tables.Column(verbose_name=_("Response rate"), attrs=NUMBER)
    spread = PartColumn(verbose_name=_("Spread of the ratings"), template_name="rankings/parts/spread.html")

    class Meta:
        empty_text = _("No institution is found.")
        orderable = False
        per_page = 50

    def render_total(self, value: Any) -> str:
        """Return a figure as it was rounded."""
        return f"{value:.2f}"

    render_learner = render_total
    render_authority = render_total

    def render_response_rate(self, value: int) -> str:
        """Return the percent."""
        return f"{value} %"


class ScoreTable(tables.Table):
    """The institutions of an authority, and whether they are scored."""

    name = tables.Column(verbose_name=_("Training institution"))
    ratings = tables.Column(verbose_name=_("Ratings"), attrs=NUMBER)
    points = tables.Column(verbose_name=_("Authority's score"), attrs=NUMBER)
    entered_at = ShortTimeColumn(verbose_name=_("Entered on"))

    class Meta:
        empty_text = _("Your authority answers for no listed institution in this year.")
        orderable = False
        per_page = 50

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        """Take the year that is scored."""
        name = tables.Column(
            verbose_name=_("Training institution"),
            linkify=("rankings:score", {"year": year, "institution_id": tables.A("institution_id")}),
        )
        super().__init__(*args, extra_columns=[("name", name)], sequence=("name", "..."), **kwargs)


class RunTable(tables.Table):
    """All runs, newest first."""

    year = tables.Column(verbose_name=_("Rated year"), linkify=("rankings:run", {"run_id": tables.A("pk")}))
    revision = tables.Column(verbose_name=_("Count no."), attrs=NUMBER)
    state = StateColumn()
    policy = tables.Column(verbose_name=_("Rules"))
    prepared_at = ShortTimeColumn(verbose_name=_("Prepared on"))
    published_at = ShortTimeColumn(verbose_name=_("Published"))
    reason = tables.Column(verbose_name=_("Reason"))

    class Meta:
        empty_text = _("No year has been counted yet.")
        orderable = False
        per_page = 50

    def render_year(self, value: int) -> str | Promise:
        """Return the year without a thousands separator."""
        return str(value)


HEAD = (
    _("Rank"),
    _("Training institution"),
    _("Stars"),
    _("Total score"),
    _("Trainees' mean"),
    _("Authority's score"),
    _("Ratings"),
    _("Response rate"),
)


def head() -> list[str]:
    """Return the head of the file that holds the same numbers."""
    return [str(word) for word in HEAD]


def lines(rows: tuple[ranking_tables.Row, ...]) -> list[list[Any]]:
    """Return the lines of the file that holds the same numbers."""
    return [
        [
            row.place if row.place is not None else "",
            row.name,
            row.stars if row.stars is not None else str(_("Not rated yet")),
            _figure(row.total),
            _figure(row.learner),
            _figure(row.authority),
            row.n,
            f"{row.response_rate}%" if row.response_rate is not None else "",
        ]
        for row in rows
    ]


def _figure(value: Any) -> Any:
    return "" if value is None else value.quantize(Decimal("0.01"))


def notes(ranking: ranking_tables.Ranking) -> list[list[str]]:
    """Return how the table came about, for the second sheet."""
    rows = [
        [str(_("Rated year")), str(ranking.year)],
        [str(_("Count no.")), str(ranking.revision)],
        [str(_("Rules")), ranking.policy],
        [str(_("Digest of the inputs")), ranking.input_digest],
        [str(_("Digest of the results")), ranking.result_digest],
    ]
    return rows + [
        [str(fact.name), fact.value, str(fact.basis or _("This platform's own setting"))] for fact in ranking.facts
    ]
