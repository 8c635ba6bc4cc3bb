"""`manage.py totp_code ACCOUNT`: the code that a demonstration account's authenticator would show now."""

from typing import Any

import pyotp
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...operations import accounts
from ...queries import accounts as account_queries


class Command(BaseCommand):
    """Print the present code of a demonstration account."""

    help = "Print the code that a demonstration account's authenticator shows now (demonstrations only)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the account."""
        parser.add_argument("account", help="mobile number or e-mail address")

    def handle(self, *args: Any, account: str, **options: Any) -> None:
        """Print, or say why not."""
        if not settings.NUOXING_DEMO:
            raise CommandError("Codes are printed in a demonstration only (NUOXING_DEMO=1).")
        holder = account_queries.account_by_identifier(account)
        if holder is None:
            raise CommandError(f"No account is found by {account}.")
        secret = accounts.totp_secret(holder.id)
        if secret is None:
            raise CommandError(f"{account} has no authenticator; it signs in with its password alone.")
        self.stdout.write(pyotp.TOTP(secret).now())
