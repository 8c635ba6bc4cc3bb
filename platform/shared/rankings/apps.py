"""Rankings: trainees' ratings, the authority's scores, the yearly star run, league tables."""

from django.apps import AppConfig


class RankingsConfig(AppConfig):
    """The rankings as an installed app."""

    name = "shared.rankings"
    verbose_name = "Rankings"
