"""From an organisation's registration to its own host: commitment, verification, notice, ministry, list."""

from datetime import timedelta

from infra.walk import cast
from infra.walk.browser import Page, Unexpected
from infra.walk.cast import Person
from infra.walk.life import Life, words

DECLARED = {"number": "60", "text": "见附件", "date": "2040-12-31", "yes-no": "yes"}


def run(life: Life) -> None:
    """Go from nothing to a listed institution with a host of its own."""
    _register(life)
    _commit(life)
    _verify(life)
    _publish(life)
    _list(life)


def _register(life: Life) -> None:
    with life.report.step("A principal signs up, proves the number and sets up a second factor", "二(一)") as step:
        principal = cast.sign_up(life.port, life.newcomer())
        cast.set_up_second_factor(principal)
        life.people["principal"] = principal
        life.at(life.moment(2, 2))
        step.saw = words(principal.browser.open("/account/home/"))
    with life.report.step("The organisation is registered on the commitment platform", "二(一)") as step:
        page = principal.browser.open("/institutions/apply/")
        life.facts["name"] = f"南昌行走建设培训学校{life.dice.randrange(10_000):04d}"
        values = {
            "name": life.facts["name"],
            "credit_code": life.credit_code(),
            "category": "social",
            "division_code": "360111",
            "address": "南昌市青山湖区行走路 1 号",
            "legal_rep": principal.name,
            "contact": principal.name,
            "mobile": principal.identifier,
        }
        page = principal.browser.submit(page.form(having="credit_code"), values)
        life.facts["commitment"] = _commitment_in(page)
        step.saw = words(page)


def _commitment_in(page: Page) -> str:
    parts = page.url.split("/commitment/")
    if len(parts) < 2:
        raise Unexpected(f"no commitment at {page.url}: {page.errors()} {page.text[:300]}")
    return parts[1].split("/")[0]


def _commit(life: Life) -> None:
    principal = life.people["principal"]
    there = f"/commitment/{life.facts['commitment']}"
    with life.report.step("The commitment form is filled in, line by line", "二(一) 附件3") as step:
        page = principal.browser.open(f"{there}/lines/")
        form = page.form(having="positions")
        values: dict[str, object] = {"positions": ["SGY-TJ"], "onward": "1"}
        for name in form.fields - {"csrfmiddlewaretoken", "positions"}:
            tag = page.soup.select_one(f'[name="{name}"]')
            kind = str(tag.get("type", "")) if tag else ""
            inputmode = str(tag.get("inputmode", "")) if tag else ""
            shape = {"radio": "yes-no", "date": "date"}.get(kind, "number" if inputmode == "decimal" else "text")
            values[name] = DECLARED[shape]
        step.saw = words(principal.browser.submit(form, values))
    with life.report.step(
        "The principal accepts every clause and signs the letter of commitment", "二(一) 承诺制"
    ) as step:
        page = principal.browser.open(f"{there}/submission/")
        clauses = [str(i["value"]) for i in page.soup.select("input[name=accepted]")]
        form = page.form(having="signed_name")
        page = principal.browser.submit(form, {"accepted": clauses, "signed_name": principal.name})
        step.saw = words(page)


def _verify(life: Life) -> None:
    there = f"/authority/commitments/{life.facts['commitment']}/"
    with life.report.step(
        "The municipal officer signs in with a second factor and sees what is due", "二(一) 10个工作日"
    ) as step:
        officer = cast.demo_person("city", life.port)
        life.people["officer"] = officer
        cast.sign_in(officer)
        life.at(life.moment(2, 6))
        page = officer.browser.open("/authority/")
        if life.facts["name"] not in page.text:
            raise Unexpected(f"the new commitment is not on the officer's desk: {page.text[:400]}")
        step.saw = words(page)
    with life.report.step("The officer verifies on site, line by line", "二(一) 实地核查") as step:
        page = officer.browser.open(there)
        form = page.form("/checks/")
        found = {name: "true" for name in form.fields if name.startswith("finding-")}
        step.saw = words(officer.browser.submit(form, found))
    with life.report.step("The officer signs 实地核查属实", "二(一) 签署意见") as step:
        page = officer.browser.open(there)
        values = {"visited_on": life.moment(2, 6).date().isoformat(), "opinion": "true", "remark": "现场与承诺一致。"}
        step.saw = words(officer.browser.submit(page.form("/opinion/"), values))


def _publish(life: Life) -> None:
    with life.report.step(
        "Any citizen reads the public notice, which runs five working days", "二(一) 公示5个工作日"
    ) as step:
        life.citizen.moment = life.moment(2, 9)
        page = life.citizen.open("/notices/")
        if life.facts["name"] not in page.text:
            raise Unexpected(f"the notice is not shown: {page.text[:400]}")
        life.facts["notice"] = page.link("/notices/")
        step.saw = words(page)


def _list(life: Life) -> None:
    operator = cast.demo_person("operator", life.port)
    life.people["operator"] = operator
    with life.report.step(
        "The notice ends without objection; the institution is uploaded and receipted", "二(一) 上传"
    ) as step:
        cast.sign_in(operator)
        life.at(life.moment(3, 2))
        clockwork(life, "registry.close_notices")
        step.saw = life.until(lambda: _receipted(life), what="the ministry's receipt")
    with life.report.step("The institution is listed and has a host of its own", "二(一) 开展培训") as step:
        page = life.until(lambda: _own_page(life), what="the institution's own host")
        step.saw = words(page)


def clockwork(life: Life, name: str) -> None:
    """Let the operator run one of beat's jobs at the walk's time."""
    operator: Person = life.people["operator"]
    operator.browser.json("POST", "/api/v1/operator/clockwork/", json={"name": name}, expect=200)


def _receipted(life: Life) -> str:
    clockwork(life, "exchange.move")
    page = life.people["principal"].browser.open(f"/commitment/{life.facts['commitment']}/")
    listed = life.citizen.json("GET", "/api/v1/institutions/", params={"search": life.facts["name"]})
    found = [row for row in listed["results"] if row["name"] == life.facts["name"]]
    if not found:
        return ""
    life.slug = found[0]["slug"]
    return words(page)


def _own_page(life: Life) -> Page | None:
    life.citizen.moment = life.moment(3, 2) + timedelta(minutes=5)
    try:
        return life.citizen.open("/", life.slug)
    except Unexpected:
        return None
