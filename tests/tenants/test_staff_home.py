"""The staff's home, as each role of an institution sees it."""

import re
from typing import Any

import pytest

from kernel.roles import STAFF_ROLES

FIGURE = re.compile(r'<p class="nx-figure-label"><a href="([^"]+)"')


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_a_figure_is_a_link_only_where_its_page_lets_this_role_in(
    school: Any, acting: Any, as_actor: Any, role: str
) -> None:
    client = acting(as_actor(role, scope=str(school.institution.organisation_id)))
    home = client.get("/staff/").text
    assert home.count("nx-figure-label") == 4
    links = [address.replace("&amp;", "&") for address in FIGURE.findall(home)]
    assert [client.get(link).status_code for link in links] == [200] * len(links)


def test_the_desk_finds_a_page_behind_each_figure(school: Any, acting: Any) -> None:
    assert len(FIGURE.findall(acting(school.registrar).get("/staff/").text)) == 4
