"""From a sitting on paper to a score on the screen and confirmed results."""

import json
from datetime import UTC, datetime
from typing import Any

from infra.walk.answers import right_answers
from infra.walk.browser import Browser, Unexpected
from infra.walk.life import Life, words
from infra.walk.training import key_in

BATCH = 12
WRONG = 9  # a person does not know everything


def run(life: Life) -> None:
    """Go from the planned sitting to confirmed results."""
    life.at(life.moment(4, 20))
    _plan(life)
    _check_in(life)
    _sit(life)
    _rate(life)
    _finalise(life)


def _plan(life: Life) -> None:
    desk = life.people["teacher"].browser
    with life.report.step(
        "A room and a sitting are planned, the candidate is added, the authority is told", "一(二)"
    ) as step:
        page = desk.open("/staff/rooms/", life.slug)
        room = {"name": "第一机房", "place": "实训楼三层", "seats": "40"}
        desk.submit(page.form(having="seats"), room)
        page = desk.open("/staff/sittings/new/", life.slug)
        chief = next(o for o in page.soup.select("select[name=chief] option") if o.get("value"))
        others = [str(b["value"]) for b in page.soup.select("input[name=proctors]") if b["value"] != chief["value"]]
        planned = {
            "position": "SGY-TJ",
            "room": str(next(o for o in page.soup.select("select[name=room] option") if o.get("value"))["value"]),
            "starts_at": life.moment(5, 10).strftime("%Y-%m-%dT%H:%M"),
            "chief": str(chief["value"]),
            "proctors": others[:1],
        }
        page = desk.submit(page.form(having="starts_at"), planned)
        life.facts["sitting"] = key_in(page, "/staff/sittings/")
        page = desk.open(f"/staff/sittings/{life.facts['sitting']}/candidates/", life.slug)
        ready = [str(b["value"]) for b in page.soup.select("input[name=enrolments]")]
        page = desk.submit(page.form(having="enrolments"), {"enrolments": ready})
        step.saw = words(desk.submit(page.form("/filing/")), 160)


def _check_in(life: Life) -> None:
    chief = life.people["chief"].browser
    with life.report.step(
        "The chief proctor opens check-in; the console's socket shows the room", "一(二) 现场测试"
    ) as step:
        life.at(life.moment(5, 10, 8, 50))
        there = f"/staff/sittings/{life.facts['sitting']}"
        page = chief.open(f"{there}/", life.slug)
        chief.submit(page.form("/opening/"))
        socket = chief.socket(f"/live/rooms/{life.facts['sitting']}/", life.slug)
        life.facts["socket"] = socket
        snapshot = json.loads(socket.recv(timeout=20))
        life.facts["candidacy"] = snapshot["seats"][0]["candidacy"]
        step.saw = f"{snapshot['type']}: {[(s['seat'], s['name'], s['state']) for s in snapshot['seats']]}"
    with life.report.step(
        "The proctor compares face, name and document, and checks the trainee in", "一(二) 身份核验"
    ) as step:
        chief.json("POST", f"/staff/candidacies/{life.facts['candidacy']}/check-in/", life.slug, json={})
        step.saw = f"console: {_event(life)}"


def _event(life: Life) -> str:
    message: dict[str, Any] = json.loads(life.facts["socket"].recv(timeout=20))
    return f"{message['type']} up to {message.get('to', message.get('n'))}"


def _sit(life: Life) -> None:
    trainee, chief = life.people["trainee"].browser, life.people["chief"].browser
    with life.report.step(
        "The test begins; the trainee gets a paper of 74 items without any key", "一(二) 闭卷机考"
    ) as step:
        life.at(life.moment(5, 10, 9, 0))
        page = chief.open(f"/staff/sittings/{life.facts['sitting']}/", life.slug)
        chief.submit(page.form("/beginning/"))
        page = trainee.open("/my/tests/", life.slug)
        page = trainee.open(page.link("/my/attempts/"))
        address = page.attribute("nx-test-client", "data-attempt-url")
        token = {"Authorization": f"Bearer {page.attribute('nx-test-client', 'data-token')}"}
        trainee.json("POST", address + "start/", life.slug, headers=token)
        test = trainee.json("GET", address, life.slug, headers=token)
        if "key" in {name for item in test["paper"] for name in item}:
            raise Unexpected("the paper tells its keys")
        step.saw = f"{len(test['paper'])} items, until {test['deadline']}"
    with life.report.step("Answers are saved through the gateway, acknowledged after commit", "一(二)") as step:
        acked = _answer(life, trainee, address, token, test)
        step.saw = f"{acked} answers acknowledged; console: {_event(life)}"
    with life.report.step("The trainee hands in and sees the score at once", "一(二) 当场显示成绩") as step:
        last = {"epoch": test["epoch"], "last_seq": acked}
        score = trainee.json("POST", address + "finish/", life.slug, headers=token, json=last)
        if not score["passed"]:
            raise Unexpected(f"the trainee did not pass: {score}")
        life.facts["rating"] = score["rating_url"]
        step.saw = f"{score['score']} points, passed, provisional until the sitting is confirmed"


def _answer(life: Life, trainee: Browser, address: str, token: dict[str, str], test: dict[str, Any]) -> int:
    answers = right_answers(test["paper"])
    known = [
        (name, letters if n >= WRONG else ("T" if letters == "F" else "A")) for n, (name, letters) in enumerate(answers)
    ]
    entries = [
        {"seq": n + 1, "question": name, "choice": letters, "client_at": datetime.now(tz=UTC).isoformat()}
        for n, (name, letters) in enumerate(known)
    ]
    acked = 0
    for start in range(0, len(entries), BATCH):
        body = {"epoch": test["epoch"], "answers": entries[start : start + BATCH]}
        said = trainee.json("POST", address + "answers/", life.slug, headers=token, json=body)
        acked += len(said["acked"])
    again = {"epoch": test["epoch"], "answers": entries[:3]}
    if len(trainee.json("POST", address + "answers/", life.slug, headers=token, json=again)["acked"]) != 3:
        raise Unexpected("what is sent twice is not acknowledged")
    return acked


def _rate(life: Life) -> None:
    trainee = life.people["trainee"].browser
    with life.report.step(
        "One tap beside the score: the five questions of the yearly rating", "五 学员评价70%"
    ) as step:
        page = trainee.open(life.facts["rating"], life.slug)
        form = page.form("")
        items = dict.fromkeys(form.fields - {"csrfmiddlewaretoken"}, "5")
        step.saw = words(trainee.submit(form, items), 160)


def _finalise(life: Life) -> None:
    chief, desk = life.people["chief"].browser, life.people["teacher"].browser
    there = f"/staff/sittings/{life.facts['sitting']}"
    with life.report.step("The test ends; the chief proctor signs the minutes", "二(二) 主体责任") as step:
        life.at(life.moment(5, 10, 11, 5))
        page = chief.open(f"{there}/", life.slug)
        page = chief.submit(page.form("/closing/"))
        minutes = {"text": "全员到齐，未发生异常情况。", "signed": "on"}
        step.saw = words(chief.submit(page.form(having="signed"), minutes), 160)
    with life.report.step("The results are confirmed; the ministry's system is asked for the number", "一(三)") as step:
        life.at(life.moment(5, 12))
        page = desk.open(f"{there}/", life.slug)
        step.saw = words(desk.submit(page.form("/finalisation/")), 160)
        life.facts["socket"].close()
