"""From an organisation's registration to its own host: commitment, verification, notice, ministry, list."""

from datetime import timedelta

from infra.demo.accounts import LAND
from infra.walk import accounts
from infra.walk.accounts import Person
from infra.walk.browser import Page, Unexpected
from infra.walk.context import WalkContext, excerpt

PATIENCE = 300  # seconds: a busy machine, and much that waits
DECLARED = {"number": "60", "text": "见附件", "date": "2040-12-31", "yes-no": "yes"}


def run(walk: WalkContext) -> None:
    """Go from nothing to a listed institution with a host of its own."""
    _register(walk)
    _commit(walk)
    _verify(walk)
    _publish(walk)
    _list(walk)


def _register(walk: WalkContext) -> None:
    with walk.report.step("A principal signs up, proves the number and sets up a second factor", "二(一)") as step:
        principal = accounts.sign_up(walk.port, walk.newcomer())
        accounts.set_up_second_factor(principal)
        walk.people["principal"] = principal
        walk.at(walk.moment(2, 2))
        step.excerpt = excerpt(principal.browser.open("/account/home/"))
    with walk.report.step("The organisation is registered on the commitment platform", "二(一)") as step:
        page = principal.browser.open("/institutions/apply/")
        place = LAND.places[0]
        code, county = place.county(0)
        walk.facts["name"] = f"{place.short}行走建设培训学校{walk.rng.randrange(10_000):04d}"
        values = {
            "name": walk.facts["name"],
            "credit_code": walk.credit_code(),
            "category": "social",
            "division_code": code,
            "address": f"{place.name}{county}行走路 1 号",
            "legal_rep": principal.name,
            "contact": principal.name,
            "mobile": principal.identifier,
        }
        page = principal.browser.submit(page.form(having="credit_code"), values)
        walk.facts["commitment"] = _commitment_in(page)
        step.excerpt = excerpt(page)


def _commitment_in(page: Page) -> str:
    parts = page.url.split("/commitment/")
    if len(parts) < 2:
        raise Unexpected(f"no commitment at {page.url}: {page.errors()} {page.text[:300]}")
    return parts[1].split("/")[0]


def _commit(walk: WalkContext) -> None:
    principal = walk.people["principal"]
    there = f"/commitment/{walk.facts['commitment']}"
    with walk.report.step("The commitment form is filled in, line by line", "二(一) 附件3") as step:
        page = principal.browser.open(f"{there}/lines/")
        form = page.form(having="positions")
        values: dict[str, object] = {"positions": ["SGY-TJ"], "onward": "1"}
        for name in form.fields - {"positions"}:
            tag = page.soup.select_one(f'[name="{name}"]')
            kind = str(tag.get("type", "")) if tag else ""
            inputmode = str(tag.get("inputmode", "")) if tag else ""
            shape = {"radio": "yes-no", "date": "date"}.get(kind, "number" if inputmode == "decimal" else "text")
            values[name] = DECLARED[shape]
        step.excerpt = excerpt(principal.browser.submit(form, values))
    with walk.report.step(
        "The principal accepts every clause and signs the letter of commitment", "二(一) 承诺制"
    ) as step:
        page = principal.browser.open(f"{there}/submission/")
        clauses = [str(i["value"]) for i in page.soup.select("input[name=accepted]")]
        form = page.form(having="signed_name")
        page = principal.browser.submit(form, {"accepted": clauses, "signed_name": principal.name})
        step.excerpt = excerpt(page)


def _verify(walk: WalkContext) -> None:
    there = f"/authority/commitments/{walk.facts['commitment']}/"
    with walk.report.step(
        "The municipal officer signs in with a second factor and sees what is due", "二(一) 10个工作日"
    ) as step:
        officer = accounts.demo_person("city", walk.port)
        walk.people["officer"] = officer
        accounts.sign_in(officer)
        walk.at(walk.moment(2, 6))
        page = officer.browser.open("/authority/")
        if walk.facts["name"] not in page.text:
            raise Unexpected(f"the new commitment is not on the officer's desk: {page.text[:400]}")
        step.excerpt = excerpt(page)
    with walk.report.step("The officer verifies on site, line by line", "二(一) 实地核查") as step:
        page = officer.browser.open(there)
        form = page.form("/checks/")
        findings = {name: "true" for name in form.fields if name.startswith("finding-")}
        step.excerpt = excerpt(officer.browser.submit(form, findings))
    with walk.report.step("The officer signs 实地核查属实", "二(一) 签署意见") as step:
        page = officer.browser.open(there)
        values = {"visited_on": walk.moment(2, 6).date().isoformat(), "opinion": "true", "remark": "现场与承诺一致。"}
        step.excerpt = excerpt(officer.browser.submit(page.form("/opinion/"), values))


def _publish(walk: WalkContext) -> None:
    with walk.report.step(
        "Any citizen reads the public notice, which runs five working days", "二(一) 公示5个工作日"
    ) as step:
        walk.citizen.moment = walk.moment(2, 9)
        page = walk.citizen.open("/notices/")
        if walk.facts["name"] not in page.text:
            raise Unexpected(f"the notice is not shown: {page.text[:400]}")
        walk.facts["notice"] = page.link("/notices/")
        step.excerpt = excerpt(page)


def _list(walk: WalkContext) -> None:
    operator = accounts.demo_person("operator", walk.port)
    walk.people["operator"] = operator
    with walk.report.step(
        "The notice ends without objection; the institution is uploaded and receipted", "二(一) 上传"
    ) as step:
        accounts.sign_in(operator)
        walk.at(walk.moment(3, 2))
        run_periodic_task(walk, "registry.close_notices")
        step.excerpt = walk.until(lambda: _receipted(walk), seconds=PATIENCE, what="the ministry's receipt")
    with walk.report.step("The institution is listed and has a host of its own", "二(一) 开展培训") as step:
        page = walk.until(lambda: _own_page(walk), what="the institution's own host")
        step.excerpt = excerpt(page)


def run_periodic_task(walk: WalkContext, name: str) -> None:
    """Let the operator run one of beat's jobs at the walk's time, and with it all that waits: in a folder that was
    brought up to date a whole demonstration's messages.
    """
    operator: Person = walk.people["operator"]
    path = "/api/v1/operator/periodic-tasks/"
    operator.browser.json("POST", path, json={"name": name}, expect=200, timeout=PATIENCE)


def _receipted(walk: WalkContext) -> str:
    run_periodic_task(walk, "exchange.push_due")
    page = walk.people["principal"].browser.open(f"/commitment/{walk.facts['commitment']}/")
    answer = walk.citizen.json("GET", "/api/v1/institutions/", params={"search": walk.facts["name"]})
    rows = [row for row in answer["results"] if row["name"] == walk.facts["name"]]
    if not rows:
        return ""
    walk.slug = rows[0]["slug"]
    return excerpt(page)


def _own_page(walk: WalkContext) -> Page | None:
    walk.citizen.moment = walk.moment(3, 2) + timedelta(minutes=5)
    try:
        return walk.citizen.open("/", walk.slug)
    except Unexpected:
        return None
