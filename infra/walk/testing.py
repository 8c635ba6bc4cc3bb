"""From a sitting on paper to a score on the screen and confirmed results."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from infra.walk.answers import right_answers
from infra.walk.browser import Browser, Unexpected
from infra.walk.context import WalkContext, excerpt
from infra.walk.training import key_in

BATCH = 12
MOST_WRONG = 14  # a person does not know everything


def run(walk: WalkContext) -> None:
    """Go from the planned sitting to confirmed results."""
    walk.at(walk.moment(4, 20))
    _plan(walk)
    _check_in(walk)
    _sit(walk)
    _rate(walk)
    _finalise(walk)


def _plan(walk: WalkContext) -> None:
    desk = walk.people["teacher"].browser
    with walk.report.step(
        "A room and a sitting are planned, the candidate is added, the authority is told", "一(二)"
    ) as step:
        page = desk.open("/staff/rooms/", walk.slug)
        room = {"name": "第一机房", "place": "实训楼三层", "seats": "40"}
        desk.submit(page.form(having="seats"), room)
        page = desk.open("/staff/sittings/new/", walk.slug)
        chief = next(o for o in page.soup.select("select[name=chief] option") if o.get("value"))
        others = [str(b["value"]) for b in page.soup.select("input[name=proctors]") if b["value"] != chief["value"]]
        planned = {
            "position": "SGY-TJ",
            "room": str(next(o for o in page.soup.select("select[name=room] option") if o.get("value"))["value"]),
            "starts_at": walk.moment(5, 10).strftime("%Y-%m-%dT%H:%M"),
            "chief": str(chief["value"]),
            "proctors": others[:1],
        }
        page = desk.submit(page.form(having="starts_at"), planned)
        walk.facts["sitting"] = key_in(page, "/staff/sittings/")
        page = desk.open(f"/staff/sittings/{walk.facts['sitting']}/candidates/", walk.slug)
        ready = [str(b["value"]) for b in page.soup.select("input[name=enrolments]")]
        page = desk.submit(page.form(having="enrolments"), {"enrolments": ready})
        step.excerpt = excerpt(desk.submit(page.form("/filing/")), 160)


def _check_in(walk: WalkContext) -> None:
    chief = walk.people["chief"].browser
    with walk.report.step(
        "The chief proctor opens check-in; the console's socket shows the room", "一(二) 现场测试"
    ) as step:
        walk.at(walk.moment(5, 10, 8, 50))
        there = f"/staff/sittings/{walk.facts['sitting']}"
        page = chief.open(f"{there}/", walk.slug)
        chief.submit(page.form("/opening/"))
        socket = chief.socket(f"/live/rooms/{walk.facts['sitting']}/", walk.slug)
        walk.facts["socket"] = socket
        snapshot = json.loads(socket.recv(timeout=20))
        walk.facts["candidacies"] = {s["name"]: s["candidacy"] for s in snapshot["seats"]}
        step.excerpt = f"{snapshot['type']}: {[(s['seat'], s['name'], s['state']) for s in snapshot['seats']]}"
    with walk.report.step(
        "The proctor compares face, name and document, and checks everybody in", "一(二) 身份查验"
    ) as step:
        for candidacy in walk.facts["candidacies"].values():
            chief.json("POST", f"/staff/candidacies/{candidacy}/check-in/", walk.slug, json={})
        step.excerpt = f"console: {_event(walk)}"


def _event(walk: WalkContext) -> str:
    message: dict[str, Any] = json.loads(walk.facts["socket"].recv(timeout=20))
    return f"{message['type']} up to {message.get('to', message.get('n'))}"


@dataclass(frozen=True)
class Test:
    """A test as it stands open in one person's browser."""

    browser: Browser
    address: str
    token: dict[str, str]
    body: dict[str, Any]

    def call(self, method: str, path: str, slug: str, **body: Any) -> Any:
        """Speak to the gateway."""
        return self.browser.json(method, self.address + path, slug, headers=self.token, **body)


def _open_test(walk: WalkContext, browser: Browser) -> Test:
    page = browser.open("/my/tests/", walk.slug)
    page = browser.open(page.link("/my/attempts/"))
    address = page.attribute("nx-test-client", "data-attempt-url")
    test = Test(browser, address, {"Authorization": f"Bearer {page.attribute('nx-test-client', 'data-token')}"}, {})
    test.call("POST", "start/", walk.slug)
    test.body.update(test.call("GET", "", walk.slug))
    return test


def _sit(walk: WalkContext) -> None:
    trainee, chief = walk.people["trainee"].browser, walk.people["chief"].browser
    with walk.report.step(
        "The test begins; the trainee gets a paper of 74 items without any key", "一(二) 闭卷机考"
    ) as step:
        walk.at(walk.moment(5, 10, 9, 0))
        page = chief.open(f"/staff/sittings/{walk.facts['sitting']}/", walk.slug)
        chief.submit(page.form("/beginning/"))
        test = _open_test(walk, trainee)
        paper = test.body["paper"]
        if any("key" in item or "reason" in item for item in paper):
            raise Unexpected("the paper tells its keys")
        step.excerpt = f"{len(paper)} items, until {test.body['deadline']}"
    with walk.report.step("Answers are saved through the gateway, acknowledged after commit", "一(二)") as step:
        acked = _answer(walk, test)
        step.excerpt = f"{acked} answers acknowledged, three sent twice and kept once; console: {_event(walk)}"
    with walk.report.step("The trainee hands in and sees the score at once", "一(二) 当场显示成绩") as step:
        score = _hand_in(walk, test, acked)
        walk.facts["rating"] = score["rating_url"]
        step.excerpt = f"{score['score']} points, passed, provisional until the sitting is confirmed"
    with walk.report.step("The classmates sit in the same room and hand in", "一(二)") as step:
        scores = []
        for person in walk.trainees[1:]:
            theirs = _open_test(walk, person.browser)
            score = _hand_in(walk, theirs, _answer(walk, theirs))
            walk.facts[f"rating:{person.identifier}"] = score["rating_url"]
            scores.append(score["score"])
        step.excerpt = f"scores: {', '.join(map(str, scores))}"


def _hand_in(walk: WalkContext, test: Test, acked: int) -> dict[str, Any]:
    last = {"epoch": test.body["epoch"], "last_seq": acked}
    score: dict[str, Any] = test.call("POST", "finish/", walk.slug, json=last)
    if not score["passed"]:
        raise Unexpected(f"the trainee did not pass: {score}")
    return score


def _answer(walk: WalkContext, test: Test) -> int:
    """Answer the paper in batches, most of it right; return how many answers the gateway acknowledged."""
    entries = []
    wrong = walk.rng.randrange(4, MOST_WRONG)
    for n, (name, letters) in enumerate(right_answers(test.body["paper"])):
        choice = letters if n >= wrong else ("T" if letters == "F" else "F" if letters == "T" else "A")
        entry = {"seq": n + 1, "question": name, "choice": choice, "client_at": datetime.now(tz=UTC).isoformat()}
        entries.append(entry)
    acked = 0
    for start in range(0, len(entries), BATCH):
        body = {"epoch": test.body["epoch"], "answers": entries[start : start + BATCH]}
        acked += len(test.call("POST", "answers/", walk.slug, json=body)["acked"])
    again = {"epoch": test.body["epoch"], "answers": entries[:3]}
    if len(test.call("POST", "answers/", walk.slug, json=again)["acked"]) != 3:
        raise Unexpected("what is sent twice is not acknowledged")
    return acked


def _rate(walk: WalkContext) -> None:
    with walk.report.step(
        "One tap beside the score: the five questions of the yearly rating", "五 学员评价70%"
    ) as step:
        for person in reversed(walk.trainees):
            address = walk.facts.get(f"rating:{person.identifier}", walk.facts["rating"])
            page = person.browser.open(address, walk.slug)
            questions = {str(i["name"]) for i in page.soup.select("form input[type=radio]")}
            items = {name: walk.rng.choice("4555") for name in questions}
            page = person.browser.submit(page.form(having=min(questions)), items)
        step.excerpt = excerpt(page, 160)


def _finalise(walk: WalkContext) -> None:
    chief, desk = walk.people["chief"].browser, walk.people["teacher"].browser
    there = f"/staff/sittings/{walk.facts['sitting']}"
    with walk.report.step("The test ends; the chief proctor signs the minutes", "二(二) 主体责任") as step:
        walk.at(walk.moment(5, 10, 11, 5))
        page = chief.open(f"{there}/closing/", walk.slug)
        page = chief.submit(page.form(having="absent"), {"absent": "0"})
        minutes = {"text": "全员到齐，未发生异常情况。", "signed": "on"}
        step.excerpt = excerpt(chief.submit(page.form(having="signed"), minutes), 160)
    with walk.report.step("The results are confirmed; the ministry's system is asked for the number", "一(三)") as step:
        walk.at(walk.moment(5, 12))
        page = desk.open(f"{there}/finalisation/", walk.slug)
        step.excerpt = excerpt(desk.submit(page.form("/finalisation/")), 160)
