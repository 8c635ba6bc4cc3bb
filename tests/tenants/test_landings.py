"""The first page of each role says what matters, and none of its links leads the role to a refusal."""

import re
from datetime import timedelta
from typing import Any

import pytest

from kernel.roles import AUTHORITY_ROLES, STAFF_ROLES, Role
from support import clients
from tenants.sittings.queries import watch

LINK = re.compile(r'href="(/[^"#]*)"')
MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
SCOPES = {
    Role.PLATFORM_OPERATOR: "",
    Role.CITY_OFFICER: "360700",
    Role.EMPLOYER_CLERK: "0190b0a0-0000-7000-8000-000000000009",
}
HOMES = dict.fromkeys(AUTHORITY_ROLES, "/authority/") | {
    Role.PLATFORM_OPERATOR: "/operator/",
    Role.EMPLOYER_CLERK: "/employer/",
}


def _links(page: str) -> list[str]:
    main = MAIN.search(page)
    assert main is not None
    return sorted({link.replace("&amp;", "&") for link in LINK.findall(main[0])})


@pytest.mark.parametrize("role", sorted(HOMES))
def test_no_link_of_a_platform_landing_leads_its_role_to_a_refusal(
    public_db: None, as_actor: Any, role: str, settings: Any, visit: Any
) -> None:
    settings.NUOXING_ACTOR_LOADER = clients.LOADER
    client = clients.acting_as(visit(), as_actor(role, scope=SCOPES.get(Role(role), "360000")))
    page = client.get(HOMES[Role(role)])
    assert page.status_code == 200
    refused = {link: client.get(link).status_code for link in _links(page.text)}
    assert {link: status for link, status in refused.items() if status in (401, 403)} == {}


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_no_link_of_the_staffs_landing_leads_its_role_to_a_refusal(
    school: Any, acting: Any, as_actor: Any, role: str
) -> None:
    school.paid(school.open_class().pk, school.person())
    client = acting(as_actor(role, scope=str(school.institution.organisation_id)))
    refused = {link: client.get(link).status_code for link in _links(client.get("/staff/").text)}
    assert {link: status for link, status in refused.items() if status in (401, 403)} == {}


def test_a_proctor_finds_the_test_of_the_day_also_while_no_move_is_theirs(world: Any, visit: Any) -> None:
    sitting = world.running(world.enrolments[:1])
    proctor = world.signed_in(visit("alpha", sitting.starts_at), world.proctor)
    assert f"/staff/sittings/{sitting.pk}/" in proctor.get("/staff/").text
    early = sitting.starts_at - timedelta(hours=3)
    other = world.filed(world.enrolments[1:2], starts_at=sitting.starts_at + timedelta(hours=6))
    titles = [todo.url for todo in watch.for_watch(world.proctor, early)]
    assert f"/staff/sittings/{other.pk}/" in titles
