"""Two institutions in two cities: everybody who comes, and everything of the one that is asked for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel import tenancy
from shared.institutions.models import Organisation
from support.http.institution_rows import Rows, fill_institution, fill_the_other
from support.http.platform_rows import fill_platform
from support.http.visitors import OTHER_CITY, People, give_tokens, invite


@dataclass
class Both:
    """Both institutions with their people, and the keys of the things of the one that is asked for."""

    here: Any
    elsewhere: Any
    people: People
    rows: Rows


def fill_all(here: Any, elsewhere: Any, at: datetime) -> Both:
    """Make everybody who comes and everything that is asked for; the other institution is put into another city."""
    with tenancy.open_public(), tenancy.as_owner():
        Organisation.objects.filter(pk=elsewhere.organisation_id).update(authority_code=OTHER_CITY)
    people = invite(here, elsewhere, at)
    with tenancy.open_institution(here):
        rows = fill_institution(here, people)
    with tenancy.open_institution(elsewhere):
        fill_the_other(elsewhere, people)
    fill_platform(here, elsewhere, people, rows)
    give_tokens(people)
    return Both(here, elsewhere, people, rows)
