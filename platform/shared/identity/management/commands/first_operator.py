"""`manage.py first_operator IDENTIFIER --name NAME`: begin a platform, with the operator who invites everybody else."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel import clock
from kernel.access import SYSTEM
from kernel.errors import Refusal

from ...operations import first_operator


class Command(BaseCommand):
    """Make the first operator's account and print the link by which that person sets the password."""

    help = "Make the first operator of this platform; prints a link by which that person, and nobody else, comes in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take who it is."""
        parser.add_argument("identifier", help="the operator's own mobile number or e-mail address")
        parser.add_argument("--name", required=True, help="the operator's name")

    def handle(self, *args: Any, identifier: str, name: str, **options: Any) -> None:
        """Print the link, or say why not."""
        try:
            link = first_operator.name_first_operator(identifier=identifier, name=name, by=SYSTEM, at=clock.now())
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"{link}\n\nOpen this link, set a password, and add an authenticator (the sign-in asks for it). "
            "The link works once; started again, this command prints a new one until somebody has come in by it."
        )
