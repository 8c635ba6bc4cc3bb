"""From the platform's host to an institution's by a ticket."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kernel import clock
from kernel.access import Actor
from shared.identity.methods import nonce_hash
from shared.identity.models.accounts import SignIn
from shared.identity.operations import sso_tickets
from shared.identity.queries import places
from shared.institutions.models import Domain
from shared.records.models import Ticket
from shared.records.operations import TicketInvalid

PASSWORD = "correct-horse-9"


def _signed_in(visit: Any, identifier: str = "13800000001", code: str = "") -> Any:
    client = visit()
    client.post("/account/login/", {"login": identifier, "password": PASSWORD})
    if code:
        client.post("/account/2fa/authenticate/", {"code": code})
    return client


def _local(address: str, host: str = "alpha.nuoxing.localhost") -> str:
    assert address.startswith(f"http://{host}:8000/")
    return address.removeprefix(f"http://{host}:8000")


def _way(institution: Any, platform: Any, path: str = "/my/") -> str:
    """Walk from an institution's host over the platform; return the address with the ticket."""
    address = institution.get("/sign-in/", {"next": path})["Location"]
    back = platform.get(_local(address, "nuoxing.localhost"))
    return _local(back["Location"])


def test_one_comes_to_an_institutions_host_by_a_ticket_and_never_with_the_platforms_cookie(
    institutions: Any, make_account: Any, visit: Any
) -> None:
    make_account()
    platform, institution = _signed_in(visit), visit("alpha")
    answer = institution.get(_way(institution, platform, "/my/?a=1"))
    assert (answer.status_code, answer["Location"]) == (302, "/my/?a=1")
    assert (institution.session["host"], institution.session["level"]) == ("alpha.nuoxing.localhost", 1)
    assert institution.session.session_key != platform.session.session_key
    assert Ticket.objects.count() == 0


def test_who_is_not_signed_in_signs_in_at_the_platform_and_comes_back(
    institutions: Any, make_account: Any, visit: Any
) -> None:
    make_account()
    platform, institution = visit(), visit("alpha")
    address = _local(institution.get("/sign-in/", {"next": "/my/"})["Location"], "nuoxing.localhost")
    sign_in = platform.get(address)["Location"]
    login = platform.get(sign_in)["Location"]
    assert urlsplit(login).path == "/account/login/"
    back = platform.post(login, {"login": "13800000001", "password": PASSWORD})["Location"]
    redirect = platform.get(platform.get(back)["Location"])
    assert institution.get(_local(redirect["Location"]))["Location"] == "/my/"


def test_a_ticket_opens_once(institutions: Any, make_account: Any, visit: Any) -> None:
    make_account()
    platform, institution = _signed_in(visit), visit("alpha")
    way = _way(institution, platform)
    nonce = institution.cookies["nx_nonce"].value
    assert institution.get(way).status_code == 302
    institution.cookies["nx_nonce"] = nonce
    assert institution.get(way).status_code == 403


def test_a_ticket_does_not_open_in_another_browser(institutions: Any, make_account: Any, visit: Any) -> None:
    make_account()
    platform, institution, other = _signed_in(visit), visit("alpha"), visit("alpha")
    way = _way(institution, platform)
    other.get("/sign-in/")
    answer = other.get(way)
    assert (answer.status_code, "_auth_user_id" in other.session) == (403, False)
    assert institution.get(way).status_code == 302


def test_a_ticket_does_not_open_at_another_host(institutions: Any, make_account: Any, visit: Any) -> None:
    make_account()
    platform, institution, other = _signed_in(visit), visit("alpha"), visit("beta")
    way = _way(institution, platform)
    other.cookies["nx_nonce"] = institution.cookies["nx_nonce"].value
    assert other.get(way).status_code == 403
    assert institution.get(way).status_code == 302


def test_a_ticket_expires_after_a_minute(institutions: Any, make_account: Any) -> None:
    account, now = make_account(), clock.real_now()
    by = Actor(account.id, None, account.name, 1)
    arguments = {"host": "alpha.nuoxing.localhost", "path": "/my/", "sign_in": "", "by": by, "at": now}
    address = sso_tickets.issue_sso_ticket(nonce_hash=nonce_hash("n"), **arguments)
    ticket = parse_qs(urlsplit(address).query)["ticket"][0]
    with pytest.raises(TicketInvalid):
        sso_tickets.redeem_sso_ticket(
            ticket=ticket, host="alpha.nuoxing.localhost", nonce="n", at=now + timedelta(seconds=61)
        )


@pytest.mark.parametrize("host", ["evil.example", "", "nuoxing.localhost", "alpha.nuoxing.localhost/x", "ALPHA\n"])
def test_nobody_is_handed_over_to_a_host_that_is_no_institutions(
    institutions: Any, make_account: Any, visit: Any, host: str
) -> None:
    make_account()
    answer = _signed_in(visit).get("/account/sso-ticket/", {"host": host, "nonce": "0" * 64, "next": "/"})
    assert (answer.status_code, Ticket.objects.count()) == (404, 0)


def test_a_foreign_way_on_becomes_the_front_page(institutions: Any, make_account: Any, visit: Any) -> None:
    make_account()
    platform, institution = _signed_in(visit), visit("alpha")
    assert institution.get(_way(institution, platform, "//evil.example/"))["Location"] == "/"


def test_the_second_factor_goes_over_with_the_ticket(
    institutions: Any, make_account: Any, visit: Any, totp: Any
) -> None:
    make_account(roles=(("principal", str(institutions[0].organisation_id)),), totp=True)
    platform, institution = _signed_in(visit, code=totp()), visit("alpha")
    institution.get(_way(institution, platform))
    assert institution.session["level"] == 2
    assert institution.get("/staff/people/").status_code == 200


def test_a_role_elsewhere_opens_nothing_here(institutions: Any, make_account: Any, visit: Any, totp: Any) -> None:
    make_account(roles=(("principal", str(institutions[1].organisation_id)),), totp=True)
    platform, institution = _signed_in(visit, code=totp()), visit("alpha")
    institution.get(_way(institution, platform))
    assert institution.get("/staff/people/").status_code == 403


def test_a_staff_page_asks_for_the_second_factor_by_way_of_the_platform(
    institutions: Any, make_account: Any, visit: Any
) -> None:
    make_account(roles=(("principal", str(institutions[0].organisation_id)),))
    platform, institution = _signed_in(visit), visit("alpha")
    institution.get(_way(institution, platform))
    sign_in = institution.get("/staff/people/")["Location"]
    assert sign_in == "/sign-in/?next=%2Fstaff%2Fpeople%2F&second=1"
    address = _local(institution.get(sign_in)["Location"], "nuoxing.localhost")
    assert platform.get(address)["Location"].startswith("/sign-in/?second=1&next=%2Faccount%2Fsso-ticket%2F")


def test_signing_out_at_the_institution_ends_the_platforms_session(
    institutions: Any, make_account: Any, visit: Any
) -> None:
    make_account()
    platform, institution = _signed_in(visit), visit("alpha")
    institution.get(_way(institution, platform))
    assert institution.post("/sign-out/")["Location"] == "/"
    assert SignIn.objects.get().ended_at is not None
    assert platform.get("/account/").status_code == 302


def test_signing_out_at_the_platform_ends_the_institutions_session(
    institutions: Any, make_account: Any, visit: Any
) -> None:
    make_account()
    platform, institution = _signed_in(visit), visit("alpha")
    institution.get(_way(institution, platform))
    platform.post("/account/logout/")
    assert institution.get("/sign-out/")["Location"] == "/"
    assert "_auth_user_id" not in institution.session


def test_a_session_made_for_another_host_is_refused(institutions: Any, make_account: Any, visit: Any) -> None:
    make_account()
    platform, other = _signed_in(visit), visit("beta")
    other.cookies["nx_session"] = platform.session.session_key
    assert other.get("/sign-out/")["Location"] == "/"


def test_account_pages_do_not_exist_at_an_institutions_host(institutions: Any, visit: Any) -> None:
    for path in ("/account/login/", "/account/signup/", "/account/password/reset/", "/account/2fa/"):
        assert visit("alpha").get(path).status_code == 404


def test_the_landing_page_leads_staff_to_their_institution(
    institutions: Any, make_account: Any, visit: Any, totp: Any
) -> None:
    make_account(roles=(("principal", str(institutions[0].organisation_id)),), totp=True)
    platform = _signed_in(visit, code=totp())
    assert platform.get("/account/home/")["Location"] == "http://alpha.nuoxing.localhost:8000/staff/"
    assert [p.kind for p in places.places_of(_actor(platform))] == ["staff"]


def _actor(platform: Any) -> Actor:
    answer = platform.get("/account/")
    actor: Actor = answer.wsgi_request.actor
    return actor


def test_to_an_own_domain_one_is_taken_by_a_page_since_a_redirect_after_a_form_may_not_leave(
    institutions: Any, make_account: Any, visit: Any
) -> None:
    Domain.objects.create(tenant=institutions[0], domain="peixun.example", is_primary=False)
    make_account()
    platform = _signed_in(visit)
    query = {"host": "peixun.example", "nonce": nonce_hash("n"), "next": "/my/"}
    answer = platform.get("/account/sso-ticket/", query)
    assert answer.status_code == 200
    assert answer.context["address"].startswith("http://peixun.example:8000/sign-in/ticket/?ticket=")
    assert 'http-equiv="refresh"' in answer.content.decode()
    institution = visit("alpha")
    institution.defaults |= {"SERVER_NAME": "peixun.example", "HTTP_HOST": "peixun.example:8000"}
    institution.cookies["nx_nonce"] = "n"
    assert institution.get(_local(answer.context["address"], "peixun.example"))["Location"] == "/my/"
    assert institution.session["host"] == "peixun.example"
