"""The pages of the outside systems: who may open them, what they say of whose system it is, what a person may do."""

from datetime import datetime
from typing import Any

import pytest

from kernel import tenancy
from shared.exchange import adapters as exchange_adapters
from shared.exchange.models.messages import Arrival, Discrepancy, Message, Reconciliation
from shared.exchange.operations import messages as exchange_messages
from shared.exchange.operations import reconciling
from shared.exchange.queries import pages as exchange_pages
from shared.exchange.queries import todos as exchange_todos

DESK = "/operator/exchange/"
PAGES = ["", "messages/", "arrivals/", "discrepancies/", "files/"]


def _ask(at: datetime, key: str = "k-1", scope: str = "360100") -> Message:
    facts: dict[str, Any] = {"system": "ministry", "kind": "person", "title": f"演示 {key}", "scope": scope}
    body = {"name": "演示学员", "position": "SGY-TJ"}
    return Message.objects.get(pk=exchange_messages.send(**facts, key=key, payload=body, as_of=at, at=at))


def _there(world: Any, *keys: str) -> None:
    """Let the ministry's system hold exactly these people."""
    for n, key in enumerate([*keys, *["old"] * 2][:2]):
        came = 0 if key == "old" else 9e9
        world.fakes.store.put(
            "ministry:persons", ("k-1", "x")[n], {"request_id": key, "came": came, "ready": 0, "answer": {}}
        )


@pytest.mark.parametrize("path", PAGES)
def test_operator_and_province_open_the_desk_and_nobody_else(
    acting: Any, as_actor: Any, public_db: None, path: str
) -> None:
    roles = [("platform_operator", ""), ("province_officer", "360000"), ("city_officer", "360100")]
    codes = [acting(as_actor(role, scope=scope)).get(DESK + path).status_code for role, scope in roles]
    assert codes == [200, 200, 403]


def test_every_system_is_named_as_ours_or_foreign(acting: Any, as_actor: Any, public_db: None) -> None:
    text = acting(as_actor("platform_operator")).get(DESK).content.decode()
    names = (
        "住建部管理信息系统",
        "培训机构承诺公示平台",
        "继续教育数据管理平台",
        "住建部教育培训资源库",
        "住建部学习网站",
    )
    assert [name for name in (*names, "江西省城乡建设培训中心") if name not in text] == []
    assert (text.count("本平台</span>"), text.count("外部系统</span>")) == (2, 4)


@pytest.mark.parametrize("path", ["/exchange/formats/", DESK, DESK + "messages/", DESK + "files/"])
def test_the_pages_say_that_the_formats_are_ours(acting: Any, as_actor: Any, public_db: None, path: str) -> None:
    assert "官方" in acting(as_actor("platform_operator")).get(path).content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_the_lists_take_a_fixed_number_of_questions(
    acting: Any, as_actor: Any, asked: Any, world: Any, at: datetime, many: int
) -> None:
    for n in range(many):
        _ask(at, f"k-{n}")
    client = acting(as_actor("platform_operator"))
    with asked(2):
        assert client.get(DESK + "messages/").content.decode().count(">演示 k-") == many
    with asked(5):
        client.get(DESK)


def test_a_message_is_shown_masked_and_sent_again_with_a_reason(
    acting: Any, as_actor: Any, world: Any, at: datetime
) -> None:
    row = _ask(at)
    world.transport.cut = True
    assert world.settle(row.pk, at) == "given_up"
    client = acting(as_actor("platform_operator"))
    path = f"{DESK}messages/{row.pk}/"
    text = client.get(path).content.decode()
    assert ("演示学员" in text, "演**" in text, "ConnectError" in text) == (False, True, True)
    empty = client.post(path + "resend/", {"again-why": ""})
    assert (empty.status_code, Message.objects.get().state) == (422, "given_up")
    done = client.post(path + "resend/", {"again-why": "对方已恢复"})
    assert (done.status_code, Message.objects.get().state) == (302, "queued")
    stop = client.post(path + "give-up/", {"stop-why": "已线下报送"})
    assert (stop.status_code, Message.objects.get().state) == (302, "given_up")


def test_what_was_answered_without_a_sending_says_so_and_no_nought(
    acting: Any, as_actor: Any, world: Any, at: datetime
) -> None:
    row = _ask(at)
    exchange_messages.note_settled(system="ministry", kind="person", key=row.key, answer={"accepted": True}, at=at)
    client = acting(as_actor("platform_operator"))
    for path in (f"{DESK}messages/", f"{DESK}messages/{row.pk}/"):
        assert "未经接口发送，由其他途径答复" in client.get(path).content.decode()


def test_an_authority_reads_its_own_institutions_messages_only(
    acting: Any, as_actor: Any, world: Any, at: datetime
) -> None:
    mine, other = _ask(at, "mine"), _ask(at, "other", "360200")
    city = acting(as_actor("city_officer", scope="360100"))
    text = city.get("/authority/exchange/").content.decode()
    assert ("演示 mine" in text, "演示 other" in text) == (True, False)
    codes = [city.get(f"/authority/exchange/{row.pk}/").status_code for row in (mine, other)]
    assert (codes, city.post(f"{DESK}messages/{mine.pk}/resend/", {}).status_code) == ([200, 404], 403)


def test_that_both_sides_say_the_same_is_said_only_of_what_was_compared(acting: Any, as_actor: Any, world: Any) -> None:
    client = acting(as_actor("platform_operator"))
    path = DESK + "discrepancies/"
    assert ("两边一致" in client.get(path).text, "尚未比对" in client.get(path).text) == (False, True)
    assert client.post(DESK + "comparison/").status_code == 302
    assert ("两边一致" in client.get(path).text, "尚未比对" in client.get(path).text) == (True, False)
    kind = Reconciliation.objects.order_by("pk")[0].kind
    with tenancy.as_owner():
        Reconciliation.objects.filter(kind=kind).update(fault="connection refused")
    assert ("两边一致" in client.get(path).text, "尚未比对" in client.get(path).text) == (False, True)


def test_a_difference_is_found_settled_with_a_reason_and_closes_by_itself(
    acting: Any, as_actor: Any, world: Any, at: datetime
) -> None:
    row = _ask(at)
    world.settle(row.pk, at)
    _there(world, "x-9")
    client = acting(as_actor("platform_operator"))
    assert client.post(DESK + "comparison/").status_code == 302
    open_rows = {(d.key, d.difference) for d in Discrepancy.objects.filter(state="open", kind="person")}
    assert open_rows == {("k-1", "missing_there"), ("x-9", "missing_here")}
    strange = Discrepancy.objects.get(key="x-9")
    assert client.post(f"{DESK}discrepancies/{strange.pk}/resolution/", {"why": ""}).status_code == 422
    assert client.post(f"{DESK}discrepancies/{strange.pk}/resolution/", {"why": "对方测试数据"}).status_code == 302
    _there(world, "k-1")
    client.post(DESK + "comparison/")
    assert set(Discrepancy.objects.values_list("state", flat=True)) == {"resolved"}


def test_what_both_answered_differently_is_found(world: Any, certificate: Any, at: datetime) -> None:
    row = certificate()
    message = Message.objects.get(kind="result")
    world.settle(message.pk, at)
    entry = world.fakes.store.get("ministry:results", str(row.request_id))
    entry["answer"]["certificates"][0]["number"] = "演示-JX-26-999999"
    world.fakes.store.put("ministry:results", str(row.request_id), entry)
    reconciling.reconcile(system="ministry", kind="result", at=at, real=message.real_at)
    discrepancy = Discrepancy.objects.get()
    assert (discrepancy.difference, "999999" in str(discrepancy.theirs), "000001" in str(discrepancy.ours)) == (
        "different",
        True,
        True,
    )


def test_a_list_that_cannot_be_had_is_written_down_and_changes_nothing(world: Any, at: datetime) -> None:
    _ask(at)
    world.transport.cut = True
    assert reconciling.reconcile(system="ministry", kind="person", at=at, real=world.real) == 0
    assert (exchange_pages.reconciliations()[0].row.fault, Discrepancy.objects.count()) == ("ConnectError", 0)


def test_that_a_list_could_not_be_compared_is_a_to_do_on_the_operators_first_page(
    acting: Any, as_actor: Any, world: Any, at: datetime
) -> None:
    _ask(at)
    client = acting(as_actor("platform_operator"))
    assert DESK + "discrepancies/" not in _todos(client.get("/operator/").content.decode())
    world.transport.cut = True
    reconciling.reconcile(system="ministry", kind="person", at=at, real=world.real)
    page = _todos(client.get("/operator/").content.decode())
    assert (DESK + "discrepancies/" in page, "ConnectError" in page) == (True, True)


def test_one_list_that_cannot_be_read_keeps_no_other_from_being_compared(
    monkeypatch: pytest.MonkeyPatch, world: Any, at: datetime
) -> None:
    asked: list[str] = []

    def listing(_system: str, path: str, **_when: Any) -> list[dict[str, str]]:
        asked.append(path)
        return [{"no": "number"}] if len(asked) == 1 else []

    monkeypatch.setattr(exchange_adapters, "listing", listing)
    reconciling.reconcile_all(at=at, real=world.real)
    faults = [row.row.fault for row in exchange_pages.reconciliations()]
    assert (len(asked) > 1, [fault for fault in faults if fault]) == (True, ["KeyError: 'request_id'"])


def test_the_entry_lists_the_announced_institutions_for_people_and_machines(visit: Any, institutions: Any) -> None:
    text = visit().get("/entry/").content.decode()
    rows = visit().get("/api/v1/entry/").json()
    assert [i.name for i in institutions if i.name not in text] == []
    assert {row["name"] for row in rows} == {i.name for i in institutions}
    assert set(rows[0]) >= {"credit_code", "name", "positions", "stars", "prices_fen", "classes_url", "may_enrol"}


def test_the_centre_sees_its_own_and_is_known_by_its_role(acting: Any, as_actor: Any, public_db: None) -> None:
    codes = [acting(as_actor(role)).get("/centre/").status_code for role in ("training_centre", "registrar")]
    body = {"id": "c-1", "as_of": "2026-03-01T08:00:00+08:00", "body": {}}
    client = acting(as_actor("training_centre"))
    wrong = client.post("/api/v1/exchange/enrolments/", body, content_type="application/json")
    unknown = client.get("/api/v1/exchange/enrolments/never/")
    assert (codes, wrong.status_code, unknown.status_code, Arrival.objects.count()) == ([200, 403], 422, 404, 0)


@pytest.mark.parametrize(
    "moment", ["0001-01-01", "0001-01-01T00:00", "1899-12-31T00:00:00+08:00", "9999-12-31T23:59:59-05:00"]
)
def test_an_enrolment_of_a_year_that_nobody_reckons_with_is_refused_at_its_field(
    acting: Any, as_actor: Any, public_db: None, moment: str
) -> None:
    client = acting(as_actor("training_centre"))
    body = {"id": "c-1", "as_of": moment, "body": {}}
    answer = client.post("/api/v1/exchange/enrolments/", body, content_type="application/json")
    assert (answer.status_code, list(answer.json()["errors"]), Arrival.objects.count()) == (400, ["as_of"], 0)


def test_what_waits_for_a_person_is_a_todo_of_the_operator(as_actor: Any, world: Any, at: datetime) -> None:
    operator = as_actor("platform_operator")
    assert list(exchange_todos.for_operator(operator, at)) == []
    exchange_messages.give_up(message_id=_ask(at).pk, why="对方停用", by=operator, at=at)
    assert [todo.url for todo in exchange_todos.for_operator(operator, at)] == [DESK + "messages/?trouble=person"]
    assert list(exchange_todos.for_operator(as_actor("city_officer", scope="360100"), at)) == []


def _todos(page: str) -> str:
    """Return the part of a page that says what waits."""
    return page.partition('class="nx-todo"')[2].partition("</section>")[0]
