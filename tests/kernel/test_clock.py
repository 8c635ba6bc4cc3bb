"""One request may have its own time; nothing else moves."""

from datetime import UTC, datetime

import pytest

from kernel import clock


def test_a_given_time_ends_with_its_block(at):
    with clock.at(at):
        assert clock.now() == at
    assert clock.simulated_now() is None


def test_a_legal_day_is_the_day_in_china():
    assert clock.legal_day(datetime(2026, 3, 1, 16, 30, tzinfo=UTC)).isoformat() == "2026-03-02"


def test_a_header_gives_one_request_its_time_and_no_other(visit, db, settings):
    settings.NUOXING_DEMO_CLOCK = True
    response = visit().get("/healthz", headers={"Nuoxing-Now": "not a time"})
    assert response.status_code == 422


@pytest.mark.parametrize("text", ["2026-03-02T09:00:00+08:00", "nonsense"])
def test_outside_of_a_demonstration_the_header_is_refused(visit, db, settings, text):
    settings.NUOXING_DEMO_CLOCK = False
    assert visit(moment=None).get("/healthz", headers={"Nuoxing-Now": text}).status_code == 422
    assert visit(moment=None).get("/healthz").status_code == 200


@pytest.mark.parametrize("year", ["0001", "1899", "2101", "9999"])
def test_a_time_out_of_our_years_is_no_time(visit, db, settings, year):
    settings.NUOXING_DEMO_CLOCK = True
    assert clock.parse(f"{year}-12-31T23:59:59+00:00") is None
    answer = visit(moment=None).get("/", headers={"Nuoxing-Now": f"{year}-12-31T23:59:59+00:00"})
    assert answer.status_code == 422


@pytest.mark.parametrize("year", ["1900", "2100"])
def test_the_front_page_stands_at_either_end_of_our_years(public_db, visit, settings, year):
    settings.NUOXING_DEMO_CLOCK = True
    answer = visit(moment=None).get("/", headers={"Nuoxing-Now": f"{year}-06-30T23:59:59+00:00"})
    assert answer.status_code < 500
