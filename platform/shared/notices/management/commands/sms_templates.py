"""`manage.py sms_templates`: every sentence that may go out as an SMS, as the SMS service is to approve it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ... import methods
from ...adapters import Undeliverable, aliyun


class Command(BaseCommand):
    """Print the templates in Chinese, each with the code under which it is approved, or that it is not yet."""

    help = "Print every sentence that may go out as an SMS, with ${variables}, and whether it is approved here."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print."""
        for key in methods.template_keys():
            text = methods.with_variables(key, "zh-hans").text
            try:
                state, _values = aliyun.approved(text, settings.NUOXING_SMS_TEMPLATES)
            except Undeliverable:
                state = "-"
            self.stdout.write(f"{key}\t{state}\t{text}")
