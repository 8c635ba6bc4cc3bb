"""The demonstration does not come between institutions that it did not make."""

from datetime import datetime
from io import StringIO

from django.core.management import call_command

from infra.demo import loading
from infra.demo.accounts import OFFICES, PLATFORM
from infra.demo.actors import account
from infra.demo.management.commands import load_demo
from shared.identity.models.accounts import Account
from shared.institutions.models import Organisation


def test_institutions_of_another_demonstration_are_left_as_they_are(public_db: None) -> None:
    before = (Organisation.objects.count(), Account.objects.count())
    output = StringIO()
    call_command(load_demo.Command(), stdout=output)
    assert output.getvalue().strip() == loading.FOREIGN
    assert (Organisation.objects.count(), Account.objects.count()) == before


def test_where_all_its_officers_are_the_institutions_are_its_own(public_db: None, at: datetime) -> None:
    assert loading.holds_others()
    for person in (*PLATFORM, *OFFICES):
        account(person, at=at)
    assert not loading.holds_others()
