"""Two institutions that tell, in two cities."""

import pytest

from shared.institutions.models import Institution, Organisation


@pytest.fixture
def nanchang(institutions: tuple[Institution, Institution]) -> Institution:
    """Return an institution in Nanchang."""
    return institutions[0]


@pytest.fixture
def ganzhou(institutions: tuple[Institution, Institution]) -> Institution:
    """Return an institution in Ganzhou."""
    facts = {"authority_code": "360700", "division_code": "360702"}
    Organisation.objects.filter(pk=institutions[1].organisation_id).update(**facts)
    return institutions[1]
