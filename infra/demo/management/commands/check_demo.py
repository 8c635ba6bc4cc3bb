"""Say whether the demonstration can be loaded for this installation's province; asks no database."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from infra.demo import needs


class Command(BaseCommand):
    """manage.py check_demo: ends with 1, and with all that is missing, where it cannot."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the files of the province."""
        try:
            needs.require(settings.NUOXING_JURISDICTION, settings.NUOXING_POLICY_PACKS)
        except needs.ProvinceUnready as missing:
            raise CommandError(str(missing)) from None
