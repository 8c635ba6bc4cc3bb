"""The page on which another chief proctor takes over says what to do where there is nobody else."""

from collections.abc import Callable

from django.test import Client

from support.sittings import World


def test_where_nobody_else_is_chief_proctor_the_page_says_who_gives_the_role_and_offers_no_empty_choice(
    world: World, visit: Callable[..., Client]
) -> None:
    sitting = world.running(world.enrolments[:1])
    client = world.signed_in(visit("alpha", sitting.starts_at), world.registrar)
    page = client.get(f"/staff/sittings/{sitting.pk}/chief/").content.decode()
    assert ("本机构没有其他主监考" in page, 'name="chief"' in page) == (True, False)
