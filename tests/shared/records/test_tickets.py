"""A ticket is taken once, at its host, by the browser it was made for, in time."""

from datetime import timedelta

import pytest

from kernel import clock
from shared.records import operations as records
from shared.records.models import Ticket

REAL = clock.real_now()


def _make():
    return records.issue_ticket(
        kind="sign-in", subject={"account": "7"}, host="alpha.nuoxing.localhost", nonce="n" * 20, at=REAL
    )


def _take(token, **more):
    arguments = {"kind": "sign-in", "host": "alpha.nuoxing.localhost", "nonce": "n" * 20, "at": REAL} | more
    return records.redeem_ticket(token=token, **arguments)


def test_a_ticket_gives_its_subject_once(public_db):
    token = _make()
    assert _take(token) == {"account": "7"}
    with pytest.raises(records.TicketInvalid):
        _take(token)


@pytest.mark.parametrize("foreign", [{"host": "beta.nuoxing.localhost"}, {"nonce": "x" * 20}, {"kind": "invitation"}])
def test_another_host_browser_or_use_is_refused_and_the_ticket_stays(public_db, foreign):
    token = _make()
    with pytest.raises(records.TicketInvalid):
        _take(token, **foreign)
    assert _take(token) == {"account": "7"}


def test_a_ticket_that_has_expired_is_refused(public_db):
    token = _make()
    with pytest.raises(records.TicketInvalid):
        _take(token, at=REAL + timedelta(minutes=2))


def test_a_token_is_not_kept_in_the_clear(public_db):
    token = _make()
    assert token.encode() not in bytes(Ticket.objects.get().digest)


def test_what_has_expired_is_swept(public_db):
    _make()
    assert records.delete_expired(at=REAL + timedelta(minutes=2)) == 1
    assert Ticket.objects.count() == 0
