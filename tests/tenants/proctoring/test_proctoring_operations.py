"""Orders, incidents and minutes: kept with their effect, only by those on duty."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from kernel import audit, tenancy
from kernel.errors import Invalid, NotFound
from kernel.fields import uuid7
from kernel.reasons import ReasonRequired
from kernel.states import WrongState
from shared.filings.models import ReportedIncident
from support.sittings import World, staff
from tenants.attempts.models.attempts import Impediment
from tenants.attempts.operations import conduct
from tenants.proctoring import operations as proctoring
from tenants.proctoring import queries as proctoring_queries
from tenants.proctoring.models import Command, Incident, Minutes
from tenants.sittings.models.live import SittingEvent
from tenants.sittings.operations import duties, events
from tenants.sittings.queries import sittings as sitting_queries

MINUTE = timedelta(minutes=1)


def order(world: World, sitting: Any, verb: str, n: int = 0, *, by: Any = None, **more: Any) -> None:
    moment: datetime = more.pop("moment", sitting.starts_at)
    proctoring.command(
        candidacy_id=world.candidacy_of(sitting, n).pk,
        verb=verb,
        by=by or world.proctor,
        at=moment,
        real=moment,
        **more,
    )


def report(world: World, sitting: Any, **changed: Any) -> Incident:
    facts: dict[str, Any] = {
        "sitting_id": sitting.pk,
        "candidacy_id": None,
        "kind": "network",
        "impactful": True,
        "words": "交换机重启",
        "by": world.proctor,
        "at": sitting.starts_at,
    }
    return proctoring.report_incident(**(facts | changed))


def test_every_order_is_kept_with_who_gave_it_and_why(world: World) -> None:
    sitting = world.running(world.enrolments[:1], checked_in=False)
    order(world, sitting, "check-in", document="passport")
    world.start(sitting)
    order(world, sitting, "hold", why="核对身份")
    order(world, sitting, "resume")
    order(world, sitting, "time", why="补时", minutes=3, by=world.chief)
    order(world, sitting, "end", why="身体不适", by=world.chief)
    world.carry_out_endings(sitting)
    commands = list(Command.objects.values_list("verb", "why", "issued_by_name"))
    assert commands == [
        ("check-in", "", "监考员"),
        ("hold", "核对身份", "监考员"),
        ("resume", "", "监考员"),
        ("time", "补时", "主监考"),
        ("end", "身体不适", "主监考"),
    ]
    assert world.attempt_of(sitting).state == "scored"


def test_an_order_that_is_refused_leaves_nothing(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    world.start(sitting)
    stranger = staff("别场", "chief_proctor", str(world.institution.organisation_id), world.at)
    refused: list[tuple[dict[str, Any], type[Exception]]] = [
        ({"verb": "hold", "why": ""}, ReasonRequired),
        ({"verb": "end", "why": "演示"}, duties.NotOnDuty),
        ({"verb": "hold", "why": "演示", "by": stranger}, duties.NotOnDuty),
        ({"verb": "check-in"}, WrongState),
        ({"verb": "dance"}, Invalid),
        ({"verb": "hold", "why": "演示", "sitting_id": uuid7()}, NotFound),
    ]
    for how, refusal in refused:
        with pytest.raises(refusal):
            order(world, sitting, **how)
    assert (Command.objects.count(), world.attempt_of(sitting).state) == (0, "started")


def test_an_incident_that_may_affect_results_stops_them_until_the_chief_closes_it(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    row = report(world, sitting)
    assert Impediment.objects.get().incident_id == row.pk
    filed_incident = ReportedIncident.objects.get(pk=row.pk)
    assert (filed_incident.kind, filed_incident.severity, filed_incident.sitting_id) == (
        "network",
        "serious",
        sitting.pk,
    )
    conduct.close_sitting(sitting_id=sitting.pk, by=world.chief, at=sitting.starts_at + 30 * MINUTE)
    proctoring.sign_minutes(sitting_id=sitting.pk, text="", by=world.chief, at=sitting.starts_at)
    with pytest.raises(conduct.IncidentsOpen):
        conduct.finalise(sitting_id=sitting.pk, by=world.registrar, at=sitting.starts_at)
    with pytest.raises(duties.NotOnDuty):
        proctoring.close_incident(incident_id=row.pk, outcome="无影响", by=world.proctor, at=sitting.starts_at)
    proctoring.close_incident(incident_id=row.pk, outcome="无影响", by=world.chief, at=sitting.starts_at)
    conduct.finalise(sitting_id=sitting.pk, by=world.registrar, at=sitting.starts_at)
    sitting.refresh_from_db()
    assert sitting.state == "finalised"
    assert [note.verb for note in audit.history(row)] == ["incident.report", "incident.close"]
    kinds = list(SittingEvent.objects.filter(sitting=sitting).order_by("n").values_list("kind", flat=True))
    assert kinds[-2:] == ["closed", "incident_resolved"]
    assert "incident" in kinds


def test_an_incident_without_effect_stops_nothing(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    report(world, sitting, impactful=False)
    assert Impediment.objects.count() == 0
    assert ReportedIncident.objects.get().severity == "minor"


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [({"kind": "ufo"}, Invalid), ({"words": " "}, Invalid), ({"candidacy_id": uuid7()}, NotFound)],
)
def test_an_incident_that_says_nothing_is_refused(world: World, changed: Any, refusal: Any) -> None:
    sitting = world.running(world.enrolments[:1])
    with pytest.raises(refusal):
        report(world, sitting, **changed)
    assert (Incident.objects.count(), Impediment.objects.count(), ReportedIncident.objects.count()) == (0, 0, 0)


def test_incidents_are_reported_by_those_on_duty_from_check_in_to_the_results(world: World) -> None:
    sitting = world.filed(world.enrolments[:1])
    with pytest.raises(proctoring.IncidentReportingClosed):
        report(world, sitting)
    conduct.open_checkin(sitting_id=sitting.pk, by=world.proctor, at=sitting.starts_at)
    with pytest.raises(duties.NotOnDuty):
        report(world, sitting, by=world.registrar)
    assert report(world, sitting).state == "open"


def test_an_incident_closed_twice_or_without_an_outcome_is_refused(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    row = report(world, sitting)
    with pytest.raises(Invalid):
        proctoring.close_incident(incident_id=row.pk, outcome=" ", by=world.chief, at=sitting.starts_at)
    proctoring.close_incident(incident_id=row.pk, outcome="已处理", by=world.chief, at=sitting.starts_at)
    with pytest.raises(WrongState):
        proctoring.close_incident(incident_id=row.pk, outcome="再次", by=world.chief, at=sitting.starts_at)
    row.refresh_from_db()
    assert row.outcome == "已处理"


def test_minutes_keep_what_was_signed_and_show_when_it_was_changed(world: World) -> None:
    sitting = world.running(world.enrolments[:2])
    world.start(sitting, 0)
    order(world, sitting, "end", why="弃考", by=world.chief)
    world.carry_out_endings(sitting)
    report(world, sitting, impactful=False)
    conduct.close_sitting(sitting_id=sitting.pk, by=world.chief, at=sitting.starts_at + 30 * MINUTE)
    proctoring.sign_minutes(sitting_id=sitting.pk, text="秩序正常", by=world.chief, at=sitting.starts_at + 2 * MINUTE)
    signed = proctoring_queries.minutes(sitting.pk)
    assert signed is not None
    assert (signed.text, signed.signed_by_name, signed.intact) == ("秩序正常", "主监考", True)
    assert (signed.facts["expected"], signed.facts["present"], len(signed.facts["absent"])) == (2, 1, 1)
    assert signed.facts["commands"] == {"end": 1}
    assert signed.facts["incidents"][0]["words"] == "交换机重启"
    assert signed.facts["begun_at"] is not None
    with tenancy.as_owner():
        Minutes.objects.update(text="另有情况")
    changed = proctoring_queries.minutes(sitting.pk)
    assert changed is not None
    assert changed.intact is False


def test_minutes_are_signed_once_by_the_chief_after_the_end(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    with pytest.raises(WrongState):
        proctoring.sign_minutes(sitting_id=sitting.pk, text="", by=world.chief, at=sitting.starts_at)
    conduct.close_sitting(sitting_id=sitting.pk, by=world.chief, at=sitting.starts_at + 30 * MINUTE)
    with pytest.raises(duties.NotOnDuty):
        proctoring.sign_minutes(sitting_id=sitting.pk, text="", by=world.proctor, at=sitting.starts_at)
    assert Minutes.objects.count() == 0
    proctoring.sign_minutes(sitting_id=sitting.pk, text="", by=world.chief, at=sitting.starts_at)
    with pytest.raises(WrongState):
        proctoring.sign_minutes(sitting_id=sitting.pk, text="", by=world.chief, at=sitting.starts_at)
    assert Minutes.objects.count() == 1


def test_a_console_is_told_the_room_and_then_what_is_new(world: World) -> None:
    sitting = world.running(world.enrolments)
    first = proctoring_queries.snapshot(sitting.pk, world.chief, at=sitting.starts_at)
    assert first is not None
    assert (first["type"], first["n"], len(first["seats"])) == ("snapshot", 5, 3)
    assert set(first["seats"][0]) == {
        "seat", "candidacy", "name", "state", "answered", "total", "last_ping_age", "deadline", "moves",
    }  # fmt: skip
    world.start(sitting, 1)
    news = proctoring_queries.news(sitting.pk, world.chief, after=5, at=sitting.starts_at)
    assert news is not None
    assert (news["type"], news["from"], news["to"]) == ("events", 6, 7)
    assert [event["kind"] for event in news["events"]] == ["lease_taken", "started"]
    assert [seat["candidacy"] for seat in news["seats"]] == [str(world.candidacy_of(sitting, 1).pk)]
    assert news["seats"][0]["moves"] == ["hold", "time", "end", "annul"]
    assert proctoring_queries.news(sitting.pk, world.chief, after=7, at=sitting.starts_at) == {}
    assert proctoring_queries.news(sitting.pk, world.registrar, after=0, at=sitting.starts_at) is None
    assert proctoring_queries.snapshot(sitting.pk, world.registrar, at=sitting.starts_at) is None


def test_too_much_news_becomes_a_snapshot(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    many = [
        events.RoomEvent("lease_wanted", world.candidacy_of(sitting).pk)
        for _n in range(proctoring_queries.MOST_EVENTS + 1)
    ]
    events.append_events(sitting_id=sitting.pk, events=many, at=sitting.starts_at)
    news = proctoring_queries.news(sitting.pk, world.proctor, after=0, at=sitting.starts_at)
    assert news is not None
    assert (news["type"], news["n"]) == ("snapshot", 3 + proctoring_queries.MOST_EVENTS + 1)


def test_a_change_of_computer_is_a_wish_that_a_console_shows(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    world.start(sitting)
    world.lease(sitting, device="two")
    snapshot = proctoring_queries.snapshot(sitting.pk, world.proctor, at=sitting.starts_at)
    assert snapshot is not None
    assert snapshot["seats"][0]["wants"] != ""
    assert snapshot["seats"][0]["moves"] == ["hold", "resume"]


def test_minutes_list_holds_added_time_and_changes_of_computer(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    world.start(sitting)
    order(world, sitting, "hold", why="电脑死机", by=world.proctor)
    order(world, sitting, "resume", why="已重启", by=world.proctor)
    order(world, sitting, "time", why="补偿死机", minutes=10, by=world.chief)
    world.lease(sitting, device="two")
    order(world, sitting, "resume", why="换到备用机", by=world.proctor)
    order(world, sitting, "end", why="身体不适离场", by=world.chief)
    world.carry_out_endings(sitting)
    conduct.close_sitting(sitting_id=sitting.pk, by=world.chief, at=sitting.starts_at + 30 * MINUTE)
    proctoring.sign_minutes(sitting_id=sitting.pk, text="", by=world.chief, at=sitting.starts_at + 31 * MINUTE)
    signed = proctoring_queries.minutes(sitting.pk)
    assert signed is not None
    lines = [(line["kind"], line["why"], line["minutes"]) for line in signed.facts["interventions"]]
    assert lines == [
        ("held", "电脑死机", 0),
        ("resumed", "已重启", 0),
        ("time_granted", "补偿死机", 10),
        ("moved", "换到备用机", 0),
        ("ordered-end", "身体不适离场", 0),
        ("finished", "身体不适离场", 0),
    ]
    assert {line["candidate"] for line in signed.facts["interventions"]} == {
        f"{world.candidacy_of(sitting).ticket_no} {world.people[0].name}"
    }


def test_minutes_call_an_annulment_that_was_taken_back_no_hold(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    world.start(sitting)
    order(world, sitting, "annul", why="疑似夹带", by=world.chief)
    seat = proctoring_queries.snapshot(sitting.pk, world.chief, at=sitting.starts_at)["seats"][0]  # type: ignore[index]
    assert (seat["ending"], "resume" in seat["moves"]) == ("正在判为作废", True)
    order(world, sitting, "resume", why="查明不是", by=world.chief)
    facts = proctoring_queries.facts(sitting_queries.value(sitting))
    lines = [(line["label"], line["why"]) for line in proctoring_queries.interventions_in_words(facts)]
    assert lines == [("决定将该考生测试作废", "疑似夹带"), ("撤回上述决定", "查明不是")]


def test_a_mistaken_check_in_is_undone_by_an_order(world: World) -> None:
    sitting = world.running(world.enrolments[:1])
    order(world, sitting, "undo", why="点错了座位", by=world.proctor)
    assert (world.attempt_of(sitting).state, Command.objects.get(verb="undo").why) == ("prepared", "点错了座位")
