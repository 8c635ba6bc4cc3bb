"""The board shows what was filed within a jurisdiction, in a fixed number of queries; operators run periodic tasks."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from kernel import later
from kernel.fields import uuid7
from shared.filings import operations as filings
from shared.filings.queries import facts as filing_queries
from shared.oversight import queries as oversight_queries


def _record(institution: Any, at: datetime, times: int, **over: Any) -> None:
    for n in range(times):
        facts = {
            "institution_id": institution.pk,
            "sitting_id": uuid7(),
            "position": "SGY-TJ",
            "starts_at": at + timedelta(days=n + 1),
            "ends_at": at + timedelta(days=n + 1, hours=2),
            "site": f"{institution.slug}考场{n}",
            "candidates": 30,
            "state": "filed",
            "at": at,
        }
        filings.record_sitting(**(facts | over))
        filings.record_incident(
            institution_id=institution.pk,
            incident_id=uuid7(),
            sitting_id=None,
            kind="power",
            severity="serious",
            words=f"{institution.slug}停电{n}",
            happened_at=at - timedelta(hours=n),
            at=at,
        )


@pytest.mark.parametrize("times", [1, 3])
def test_the_board_takes_a_fixed_number_of_queries(
    nanchang: Any, as_actor: Any, at: datetime, times: int, asked: Any
) -> None:
    _record(nanchang, at, times)
    officer = as_actor("city_officer", scope="360100")
    with asked(6):
        board = oversight_queries.board(officer, at)
    assert (len(board.sittings), len(board.incidents), board.figures.soon, board.figures.serious) == (times,) * 4
    assert board.figures.institutions == 2


def test_a_city_sees_its_own_and_the_province_sees_all(
    nanchang: Any, ganzhou: Any, acting: Callable[..., Any], as_actor: Any, at: datetime
) -> None:
    _record(nanchang, at, 1)
    _record(ganzhou, at, 1)
    seen = {}
    for role, scope in (("city_officer", "360100"), ("inspector", "360700"), ("province_officer", "360000")):
        text = acting(as_actor(role, scope=scope)).get("/authority/board/").content.decode()
        seen[scope] = ("alpha考场0" in text, "beta考场0" in text, "alpha停电0" in text, "beta停电0" in text)
    assert seen == {
        "360100": (True, False, True, False),
        "360700": (False, True, False, True),
        "360000": (True, True, True, True),
    }


def test_what_goes_on_stands_above_what_lies_ahead(nanchang: Any, as_actor: Any, at: datetime) -> None:
    _record(nanchang, at, 2)
    _record(nanchang, at, 1, state="running", site="进行中的考场")
    _record(nanchang, at, 1, state="finalised", site="办结的考场")
    rows = filing_queries.sittings(as_actor("city_officer", scope="360100"))
    assert [r.site for r in rows] == ["进行中的考场", "alpha考场0", "alpha考场1", "办结的考场"]


def _class(institution: Any, at: datetime, name: str, **over: Any) -> None:
    facts = {
        "class_id": uuid7(), "position": "SGY-TJ", "programme": "土建施工员培训", "class_hours": 100,
        "division_code": institution.organisation.division_code, "place": "", "starts_on": at.date(),
        "ends_on": at.date(), "enrols_until": at.date(), "seats": 30, "state": "open",
    }  # fmt: skip
    filings.record_class(institution_id=institution.pk, name=name, at=at, **facts | over)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"甲一班", "甲二班", "乙一班"}),
        ("?division=360700", {"乙一班"}),
        ("?position=CLY", {"甲二班"}),
        ("?state=closed", {"甲二班"}),
        ("?text=学校乙", {"乙一班"}),
        ("?text=甲一", {"甲一班"}),
        ("?state=nowhere&position=CLY", {"甲二班"}),
    ],
)
def test_filed_classes_are_narrowed(
    nanchang: Any, ganzhou: Any, acting: Any, as_actor: Any, at: datetime, query: str, found: set[str]
) -> None:
    _class(nanchang, at, "甲一班")
    _class(nanchang, at, "甲二班", position="CLY", state="closed")
    _class(ganzhou, at, "乙一班")
    path, seen = f"/authority/board/classes/{query}", {}
    for role, scope in (("province_officer", "360000"), ("inspector", "360700")):
        text = acting(as_actor(role, scope=scope)).get(path).content.decode()
        seen[role] = {name for name in ("甲一班", "甲二班", "乙一班") if name in text}
    assert seen == {"province_officer": found, "inspector": found & {"乙一班"}}


@pytest.mark.parametrize("times", [1, 3])
def test_the_list_of_classes_takes_a_fixed_number_of_queries(
    nanchang: Any, acting: Any, as_actor: Any, at: datetime, times: int, asked: Any
) -> None:
    for n in range(times):
        _class(nanchang, at, f"甲{n}班")
    officer = acting(as_actor("city_officer", scope="360100"))
    with asked(6):
        text = officer.get("/authority/board/classes/?division=360100").content.decode()
    assert all(f"甲{n}班" in text for n in range(times))


@pytest.mark.parametrize(
    "path", ["", "board/", "board/sittings/", "board/incidents/", "board/prices/", "board/classes/"]
)
def test_only_regulators_with_a_second_factor_come_in(acting: Any, as_actor: Any, nanchang: Any, path: str) -> None:
    inside = acting(as_actor("inspector", scope="360100")).get(f"/authority/{path}")
    weak = acting(as_actor("inspector", scope="360100", level=1)).get(f"/authority/{path}")
    other = acting(as_actor("principal", scope="360100")).get(f"/authority/{path}")
    assert (inside.status_code, weak.status_code, other.status_code) == (200, 302, 403)


def test_the_operator_runs_a_clockwork_for_the_requests_time(
    acting: Any, as_actor: Any, public_db: None, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[datetime] = []
    work = later.PeriodicTask("test.work", 60, lambda *, at: ran.append(at))
    monkeypatch.setitem(later.periodic_tasks, "test.work", work)
    operator = acting(as_actor("platform_operator"))
    answer = operator.post("/api/v1/operator/periodic-tasks/", {"name": "test.work"}, content_type="application/json")
    assert (answer.status_code, answer.json()["name"], ran) == (200, "test.work", [at])


def test_nobody_else_runs_a_clockwork_and_unknown_ones_are_refused(acting: Any, as_actor: Any, public_db: None) -> None:
    ask = {"path": "/api/v1/operator/periodic-tasks/", "content_type": "application/json"}
    officer = acting(as_actor("province_officer", scope="360000")).post(data={"name": "exchange.push_due"}, **ask)
    operator = acting(as_actor("platform_operator"))
    unknown = operator.post(data={"name": "nope"}, **ask)
    empty = operator.post(data={}, **ask)
    assert (officer.status_code, unknown.status_code, empty.status_code) == (403, 404, 400)
    assert empty.json()["errors"] == {"name": ["请填写此项。"]}
