"""The answer gateway over real ASGI and real commits."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest

from kernel import clock, tenancy
from support import tampering
from support.sittings import World
from support.wire import Page, live_side
from tenants.attempts.gateway import connections
from tenants.attempts.methods import tokens as token_methods
from tenants.attempts.methods.tokens import Token
from tenants.attempts.models.answers import AnswerLog, Presence
from tenants.attempts.models.attempts import Attempt, Score
from tenants.attempts.operations import attempts, interventions
from tenants.attempts.queries import room
from tenants.sittings.models.live import SittingEvent, SittingHead
from tenants.sittings.queries import events as event_queries

MINUTE = timedelta(minutes=1)


@pytest.fixture
def db() -> None:
    """No transaction: what is tested here commits."""


@pytest.fixture
def test_day(live: Any) -> Iterator[World]:
    """A committed sitting in real time, begun, three people checked in."""
    world = live("alpha", people=3)
    world.at = clock.real_now() - timedelta(days=1) - MINUTE
    with tenancy.open_institution(world.institution):
        sitting = world.running(world.enrolments)
        world.sitting = sitting  # type: ignore[attr-defined]
        yield world


def page_of(world: Any, n: int = 0, *, start: bool = True, **how: Any) -> Page:
    epoch = world.lease(world.sitting, n, at=clock.real_now(), device=how.pop("device", "one"))
    attempt = world.attempt_of(world.sitting, n)
    assert epoch is not None
    if start:
        attempts.start_attempt(attempt_id=attempt.pk, epoch=epoch, by=world.trainee(n), at=clock.real_now())
    return Page(attempt, epoch, **how)


def log() -> list[tuple[int, int, str, str]]:
    return list(AnswerLog.objects.order_by("attempt_id", "seq").values_list("seq", "epoch", "question", "choice"))


def problem(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


def test_a_test_is_opened_started_answered_and_handed_in(test_day: Any) -> None:
    page = page_of(test_day, start=False)

    async def sit() -> tuple[Any, ...]:
        before, state = (await page.get()).json(), (await page.get("state/")).json()
        started = await page.post("start/")
        saved = await page.save((1, "1", "A"), (2, "71.c", "ACE"))
        loaded = (await page.get()).json()
        done = await page.finish(2)
        after = (await page.get()).json()
        return before, state, started, saved, loaded, done, after

    before, state, started, saved, loaded, done, after = live_side(page, run=sit)
    assert (before["state"], before["epoch"], before["last_seq"], before["deadline"]) == ("ready", 1, 0, None)
    assert "paper" not in before
    assert before["trainee"]["name"] == test_day.people[0].name
    assert (state["state"], state["notice"]) == ("ready", "")
    assert started.json()["state"] == "started"
    paper = started.json()["paper"]
    assert [item["no"] for item in paper] == list(range(1, 75))
    assert [set(item) for item in (paper[0], paper[73]["parts"][0])] == [
        {"no", "code", "kind", "stem", "options", "parts"},
        {"code", "kind", "stem", "options"},
    ]
    assert (saved.status_code, saved.json()["acked"]) == (200, [1, 2])
    attempt = test_day.attempt_of(test_day.sitting)
    assert saved.json()["deadline"] == (attempt.started_at + timedelta(minutes=120)).isoformat()
    assert (loaded["answers"], loaded["last_seq"]) == ({"1": "A", "71.c": "ACE"}, 2)
    result = done.json()
    assert (result["provisional"], result["rating_url"]) == (True, f"/my/attempts/{attempt.pk}/rating/")
    assert (result["score"], result["passed"]) == (str(Score.objects.get().points.normalize()), False)
    assert (after["state"], after["result"], "paper" in after) == ("finished", result, False)


def test_an_answer_is_committed_before_it_is_acknowledged_and_told_to_the_room(test_day: Any) -> None:
    page = page_of(test_day)
    first = event_queries.head(test_day.sitting.pk)

    async def save() -> None:
        response = await page.save((1, "1", "A"))
        assert response.json()["acked"] == [1]
        other = await psycopg.AsyncConnection.connect(connections.conninfo())
        async with other:
            found = await (await other.execute("SELECT seq, choice FROM t_alpha.attempts_answerlog")).fetchall()
        assert found == [(1, "A")]

    live_side(page, run=save)
    event = SittingEvent.objects.latest("n")
    candidacy = str(test_day.candidacy_of(test_day.sitting).pk)
    assert (event.n, event.kind, event.data) == (first + 1, "saved", {"saved": {candidacy: [1, 1]}})
    assert SittingHead.objects.get().n == first + 1


def test_the_same_answer_twice_is_acknowledged_twice_and_kept_once(test_day: Any) -> None:
    page = page_of(test_day)

    async def save() -> list[httpx.Response]:
        return [await page.save((1, "1", "A"), (2, "2", "B")), await page.save((2, "2", "B"), (3, "3", "C"))]

    assert [r.json()["acked"] for r in live_side(page, run=save)] == [[1, 2], [2, 3]]
    assert [row[0] for row in log()] == [1, 2, 3]


def test_many_pages_at_once_lose_nothing_and_events_have_no_gaps(test_day: Any) -> None:
    pages = [page_of(test_day, n) for n in range(3)]
    before = event_queries.head(test_day.sitting.pk)

    async def burst() -> list[httpx.Response]:
        async def one(page: Page) -> list[httpx.Response]:
            return [await page.save((seq, str(seq), "ABC"[seq % 3])) for seq in range(1, 41)]

        rows = await asyncio.gather(*(one(page) for page in pages))
        return [response for row in rows for response in row]

    assert {r.status_code for r in live_side(*pages, run=burst)} == {200}
    assert AnswerLog.objects.count() == 120
    numbers = list(SittingEvent.objects.order_by("n").values_list("n", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert event_queries.head(test_day.sitting.pk) == len(numbers) > before


def test_one_page_that_may_not_save_does_not_fail_the_others(test_day: Any) -> None:
    good, bad = page_of(test_day, 0), page_of(test_day, 1, start=False)

    async def both() -> list[httpx.Response]:
        return list(await asyncio.gather(good.save((1, "1", "A")), bad.save((1, "1", "A")), good.save((2, "2", "B"))))

    first, refused, second = live_side(good, bad, run=both)
    assert (first.status_code, second.status_code) == (200, 200)
    assert problem(refused) == (425, "not-started")
    assert refused.headers["retry-after"] == "1"
    assert [row[0] for row in log()] == [1, 2]


def test_a_row_the_database_refuses_fails_alone(test_day: Any) -> None:
    """A trigger stands for whatever may go wrong with one row."""
    pages = [page_of(test_day, n) for n in range(2)]
    bad = test_day.attempt_of(test_day.sitting, 1).pk
    from django.db import connection

    with tenancy.as_owner(), connection.cursor() as cursor:
        cursor.execute(
            f"CREATE FUNCTION t_alpha.refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$BEGIN IF NEW.attempt_id = '{bad}' THEN RAISE 'no'; END IF; RETURN NEW; END$$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON t_alpha.attempts_answerlog"
            " FOR EACH ROW EXECUTE FUNCTION t_alpha.refuse()"
        )
    try:

        async def both() -> list[httpx.Response]:
            return list(await asyncio.gather(*(page.save((1, "1", "A")) for page in pages)))

        fine, failed = live_side(*pages, run=both)
    finally:
        with tenancy.as_owner(), connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION t_alpha.refuse() CASCADE")
    assert fine.status_code == 200
    assert problem(failed) == (503, "unavailable")
    assert AnswerLog.objects.count() == 1


def test_two_browsers_race_and_exactly_one_lineage_is_accepted(test_day: Any) -> None:
    first = page_of(test_day)
    attempt = test_day.attempt_of(test_day.sitting)

    def take_over() -> Page:
        try:
            with tenancy.open_institution(test_day.institution):
                return page_of(test_day)
        finally:
            from django.db import connection

            connection.close()

    async def race() -> tuple[list[httpx.Response], list[httpx.Response], Page]:
        async def old() -> list[httpx.Response]:
            return [await first.save((seq, str(seq % 70 + 1), "A")) for seq in range(1, 301)]

        async def new() -> tuple[list[httpx.Response], Page]:
            await asyncio.sleep(0.15)
            second = await asyncio.to_thread(take_over)
            return [await second.save((seq, str(seq % 70 + 1), "B")) for seq in range(1001, 1301)], second

        olds, (news, second) = await asyncio.gather(old(), new())
        return olds, news, second

    olds, news, second = live_side(first, run=race)
    asyncio.run(second.http.aclose())
    codes = [response.status_code for response in olds]
    accepted = codes.count(200)
    assert 0 < accepted < 300
    assert codes == [200] * accepted + [409] * (300 - accepted)
    assert {r.json()["code"] for r in olds[accepted:]} == {"lease-superseded"}
    assert {r.status_code for r in news} == {200}
    rows = list(AnswerLog.objects.filter(attempt_id=attempt.pk).order_by("seq").values_list("epoch", "server_at"))
    assert [epoch for epoch, _at in rows] == [1] * accepted + [2] * 300
    assert max(at for epoch, at in rows if epoch == 1) <= min(at for epoch, at in rows if epoch == 2)


def test_no_answer_slips_in_behind_a_hand_in(test_day: Any) -> None:
    """What was acknowledged was scored: a hand-in waits for saves under way, later ones are refused."""
    page = page_of(test_day)
    attempt = test_day.attempt_of(test_day.sitting)

    async def race() -> tuple[list[httpx.Response], httpx.Response]:
        async def write() -> list[httpx.Response]:
            return [await page.save((seq, str(seq), "A")) for seq in range(1, 70)]

        async def hand_in() -> httpx.Response:
            await asyncio.sleep(0.05)
            return await page.finish(1)

        saves, done = await asyncio.gather(write(), hand_in())
        return saves, done

    saves, done = live_side(page, run=race)
    assert done.status_code == 200
    acked = [r.json()["acked"][0] for r in saves if r.status_code == 200]
    assert {problem(r) for r in saves if r.status_code != 200} <= {(410, "attempt-closed")}
    attempt.refresh_from_db()
    assert attempt.last_seq == acked[-1] == AnswerLog.objects.count()


def test_nothing_is_saved_after_the_time_is_up(test_day: Any) -> None:
    page = page_of(test_day)
    with tampering.past_triggers():
        Attempt.objects.filter(state="started").update(started_at=clock.real_now() - timedelta(minutes=120, seconds=10))

    async def late() -> list[httpx.Response]:
        return [await page.save((1, "1", "A")), await page.finish(1)]

    refused, done = live_side(page, run=late)
    assert problem(refused) == (410, "attempt-closed")
    assert (done.status_code, Attempt.objects.get(pk=test_day.attempt_of(test_day.sitting).pk).finished_by) == (
        200,
        "time",
    )
    assert log() == []


def test_a_hold_is_told_with_its_reason_and_saves_wait(test_day: Any) -> None:
    page = page_of(test_day)
    candidacy = test_day.candidacy_of(test_day.sitting)
    interventions.hold(candidacy_id=candidacy.pk, why="火警", by=test_day.proctor, at=clock.real_now() - MINUTE)

    async def ask() -> list[httpx.Response]:
        return [await page.get("state/"), await page.save((1, "1", "A")), await page.get()]

    state, refused, loaded = live_side(page, run=ask)
    assert (state.json()["state"], state.json()["notice"]) == ("held", "火警")
    assert problem(refused) == (425, "on-hold")
    assert (loaded.json()["state"], "paper" in loaded.json()) == ("held", False)


def test_a_pulse_is_the_sign_of_life_of_the_newest_page_only(test_day: Any) -> None:
    old, new = page_of(test_day, start=False), page_of(test_day, start=False)

    async def beat() -> list[httpx.Response]:
        return [await old.get("state/"), await old.get(), await new.get("state/")]

    lost, gone, alive = live_side(old, new, run=beat)
    assert problem(lost) == problem(gone) == (409, "lease-superseded")
    assert alive.status_code == 200
    assert Presence.objects.count() == 1
    seats = room.seats(
        test_day.sitting.pk, duty="chief", at=clock.real_now(), only=[test_day.candidacy_of(test_day.sitting).pk]
    )
    assert seats[0].last_ping_age is not None
    assert seats[0].last_ping_age < 60


@pytest.mark.parametrize(
    ("spoil", "status", "code"),
    [
        ({"Authorization": ""}, 401, "attempt-token-refused"),
        ({"Authorization": "Bearer nonsense"}, 401, "attempt-token-refused"),
        ({"Origin": "http://evil.example"}, 403, "other-origin"),
        ({"Origin": "https://alpha.nuoxing.localhost:8000"}, 403, "other-origin"),
        ({"Host": "nowhere.nuoxing.localhost:8000"}, 404, "address-not-found"),
        ({"Host": "beta.nuoxing.localhost:8000"}, 401, "attempt-token-refused"),
    ],
)
def test_who_has_no_right_here_is_refused_and_changes_nothing(
    test_day: Any, spoil: dict[str, str], status: int, code: str
) -> None:
    page = page_of(test_day)
    page.headers |= spoil

    async def ask() -> list[httpx.Response]:
        return [await page.save((1, "1", "A")), await page.get(), await page.get("state/"), await page.finish(0)]

    assert {problem(r) for r in live_side(page, run=ask)} == {(status, code)}
    assert (log(), Score.objects.count()) == ([], 0)


def test_the_pages_own_origin_is_let_in(test_day: Any) -> None:
    page = page_of(test_day, Origin="http://alpha.nuoxing.localhost:8000")

    async def ask() -> httpx.Response:
        return await page.save((1, "1", "A"))

    assert live_side(page, run=ask).status_code == 200


def test_a_token_opens_its_own_attempt_only_and_not_for_ever(test_day: Any) -> None:
    mine, other = page_of(test_day, 0), page_of(test_day, 1)
    other.headers = mine.headers
    old = page_of(test_day, 2)
    stale = Token(test_day.attempt_of(test_day.sitting, 2).pk, old.epoch, "t_alpha", clock.real_now() - MINUTE)
    old.headers = {"Authorization": f"Bearer {token_methods.mint(stale)}"}

    async def ask() -> list[httpx.Response]:
        return [await other.save((1, "1", "A")), await old.save((1, "1", "A"))]

    assert {problem(r) for r in live_side(mine, other, old, run=ask)} == {(401, "attempt-token-refused")}
    assert log() == []


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 400, "bad-request"),
        (b"{", 400, "bad-request"),
        (b'{"epoch":1,"answers":[{"seq":1}]}', 400, "bad-request"),
        (
            b'{"epoch":2,"answers":[{"seq":1,"question":"1","choice":"A","client_at":"2026-03-03T09:00:00Z"}]}',
            409,
            "lease-superseded",
        ),
        (b"x" * 70_000, 413, "too-large"),
    ],
)
def test_a_bad_body_is_a_problem_and_never_a_fault(test_day: Any, content: bytes, status: int, code: str) -> None:
    page = page_of(test_day)

    async def send() -> httpx.Response:
        return await page.http.post(page.url + "answers/", content=content, headers=page.headers)

    assert problem(live_side(page, run=send)) == (status, code)
    assert log() == []


def test_paths_and_methods_that_do_not_exist_are_problems(test_day: Any) -> None:
    page = page_of(test_day)

    async def ask() -> list[httpx.Response]:
        return [
            await page.get("answers/"),
            await page.post("state/"),
            await page.get("nothing/"),
            await page.http.get("/live/attempts/not-a-key/", headers=page.headers),
        ]

    found = [problem(r) for r in live_side(page, run=ask)]
    assert found == [
        (405, "method-not-allowed"),
        (405, "method-not-allowed"),
        (404, "address-not-found"),
        (404, "address-not-found"),
    ]


def test_refusals_speak_the_readers_language(test_day: Any) -> None:
    page = page_of(test_day, start=False, **{"Accept-Language": "en"})

    async def ask() -> httpx.Response:
        return await page.save((1, "1", "A"))

    assert live_side(page, run=ask).json()["detail"] == "The test has not started. Please wait for the proctor."


def test_an_attempt_locked_by_a_command_delays_itself_alone(test_day: Any) -> None:
    pages = [page_of(test_day, n) for n in range(2)]
    locked = test_day.attempt_of(test_day.sitting, 0).pk

    async def both() -> tuple[list[httpx.Response], float]:
        async with await psycopg.AsyncConnection.connect(connections.conninfo()) as other:
            await other.execute("SELECT 1 FROM t_alpha.attempts_attempt WHERE id = %s FOR UPDATE", [locked])
            slow = asyncio.create_task(pages[0].save((1, "1", "A")))
            began = asyncio.get_running_loop().time()
            fast = await pages[1].save((1, "1", "A"))
            took = asyncio.get_running_loop().time() - began
            await other.rollback()
            return [fast, await slow], took

    (fast, slow), took = live_side(*pages, run=both)
    assert (fast.status_code, slow.status_code) == (200, 200)
    assert took < 0.5


def test_a_lost_connection_is_opened_again_and_nothing_acknowledged_is_lost(test_day: Any) -> None:
    page = page_of(test_day)

    async def cut() -> list[int]:
        acked = []
        for seq in range(1, 21):
            if seq == 10:
                async with await psycopg.AsyncConnection.connect(connections.conninfo(), autocommit=True) as other:
                    await other.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE application_name = 'nuoxing gateway' AND datname = current_database()"
                        " AND pid <> pg_backend_pid()"
                    )
            for _try in range(10):
                response = await page.save((seq, str(seq), "A"))
                if response.status_code == 200:
                    acked += response.json()["acked"]
                    break
                assert problem(response) == (503, "unavailable")
                await asyncio.sleep(0.2)
        return acked

    assert live_side(page, run=cut) == list(range(1, 21))
    assert [row[0] for row in log()] == list(range(1, 21))


def test_one_page_asking_too_much_at_once_is_slowed(test_day: Any) -> None:
    page = page_of(test_day)

    async def flood() -> list[httpx.Response]:
        return list(await asyncio.gather(*(page.save((seq, "1", "A")) for seq in range(1, 31))))

    responses = live_side(page, run=flood)
    assert {r.status_code for r in responses} == {200, 429}
    assert {problem(r) for r in responses if r.status_code == 429} == {(429, "too-many")}
