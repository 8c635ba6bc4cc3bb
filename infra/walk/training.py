"""From an empty institution to a trainee with all hours: staff, class, price, application, payment, learning."""

import re
from datetime import timedelta

from infra.walk import accounts
from infra.walk.accounts import Person
from infra.walk.browser import Browser, Page, Unexpected
from infra.walk.context import WalkContext, excerpt

ROLES = {
    "teacher": ("registrar", "teacher", "cashier"),
    "chief": ("chief_proctor", "proctor"),
    "proctor": ("proctor",),
}
ONSITE_DAYS = 5
PRICE = "680.00"
CLASSMATES = 4


def run(walk: WalkContext) -> None:
    """Go from an institution without anybody to a trainee who may be tested."""
    walk.at(walk.moment(3, 3))
    _staff(walk)
    _open_class(walk)
    _enrol(walk)
    _pay(walk)
    _classmates(walk)
    _learn(walk)


def _staff(walk: WalkContext) -> None:
    principal = walk.people["principal"]
    with walk.report.step(
        "The principal invites the staff; each sets a password and a second factor", "二(二)"
    ) as step:
        for key, roles in ROLES.items():
            person = Person((who := walk.newcomer()).name, who.mobile, Browser(walk.port))
            for role in roles:
                page = principal.browser.open("/staff/people/", walk.slug)
                values = {"identifier": person.identifier, "name": person.name, "role": role}
                page = principal.browser.submit(page.form(having="role"), values)
            _accept(walk, person)
            walk.people[key] = person
        step.excerpt = excerpt(principal.browser.open("/staff/people/", walk.slug))
    walk.at(walk.moment(3, 4))


def _accept(walk: WalkContext, person: Person) -> None:
    text = accounts.message_to(walk.citizen, person.identifier)
    link = re.search(r"https?://\S+/account/invitation/\S+?/(?=\s|$)", text)
    if link is None:
        raise Unexpected(f"no invitation in: {text}")
    page = person.browser.open(link.group(0))
    person.browser.submit(page.form(having="password"), {"password": person.password})
    if "login" in person.browser.open("/account/").url:
        accounts.sign_in(person)
    accounts.set_up_second_factor(person)


def _open_class(walk: WalkContext) -> None:
    teacher = walk.people["teacher"]
    there = teacher.browser
    with walk.report.step("A programme of 40 class hours and a class are planned", "一(二)") as step:
        page = there.open("/staff/programmes/new/", walk.slug)
        page = there.submit(page.form(having="class_hours"), {"position": "SGY-TJ", "title": "土建施工员岗位培训"})
        walk.facts["programme"] = key_in(page, "/staff/programmes/")
        lesson = {"title": "施工组织设计", "kind": "document", "minutes": "45", "body": "施工组织设计的编制与审批。"}
        page = there.submit(page.form("/lessons/"), lesson)
        page = there.open("/staff/classes/new/", walk.slug)
        starts, ends = walk.moment(3, 9).date(), walk.moment(4, 30).date()
        teacher_id = str(page.soup.select_one("select[name=teacher]").find_all("option")[-1]["value"])  # type: ignore[union-attr]  # a select stands there
        planned = {
            "programme": walk.facts["programme"],
            "name": f"{walk.year}年第一期",
            "starts_on": starts.isoformat(),
            "ends_on": ends.isoformat(),
            "capacity": "30",
            "teacher": teacher_id,
        }
        page = there.submit(page.form(having="capacity"), planned)
        walk.facts["class"] = key_in(page, "/staff/classes/")
        step.excerpt = excerpt(page)
    with walk.report.step("A price above the ceiling is refused, one under it is published", "二(二) 收费") as step:
        prices = f"/staff/classes/{walk.facts['class']}/prices/"
        principal = walk.people["principal"].browser
        page = principal.open(prices, walk.slug)
        dear = {"fee_item": "training", "unit": "person", "base": "999999"}
        page = principal.submit(page.form(having="fee_item"), dear, expect=422)
        refused = " ".join(page.errors())
        page = principal.submit(page.form(having="fee_item"), dear | {"base": PRICE})
        page = principal.open(prices, walk.slug)
        principal.submit(page.form("/opening/"))
        walk.citizen.moment = walk.moment(3, 5)
        step.excerpt = f"{refused[:60]} → {excerpt(walk.citizen.open('/', walk.slug), 90)}"


def key_in(page: Page, before: str) -> str:
    """Return the key that stands after `before` in the page's address."""
    match = re.search(re.escape(before) + r"([0-9a-f-]{36})", page.url)
    if match is None:
        raise Unexpected(f"{page.url} names no thing after {before}: {page.errors()} {page.text[:300]}")
    return match.group(1)


def _register(walk: WalkContext, key: str) -> Person:
    """Let somebody new sign up and say who they are; nothing shows the whole number again."""
    who = walk.newcomer()
    person = accounts.sign_up(walk.port, who)
    walk.people[key] = person
    walk.at(walk.moment(3, 5))
    page = person.browser.open("/account/person/")
    values = {"name": who.name, "id_type": "resident", "id_number": who.id_number, "mobile": who.mobile}
    page = person.browser.submit(page.form(having="id_number"), values | {"agree_notice": "on", "agree_number": "on"})
    if who.id_number in page.response.text:
        raise Unexpected("the whole identity number is shown")
    return person


def _apply(walk: WalkContext, person: Person) -> tuple[Page, str]:
    """Let a person apply with what the matrix asks for; return the page and the enrolment."""
    page = person.browser.open(f"/classes/{walk.facts['class']}/apply/", walk.slug)
    right = {"education": "college", "major_kind": "core", "practice_years": "3", "truthful": "on"}
    page = person.browser.submit(page.form(having="education"), right)
    return page, key_in(page, "/my/enrolments/")


def _look_at_papers(walk: WalkContext, enrolment: str) -> Page:
    """Let the desk look at the papers that prove what was declared; no fee is taken before."""
    desk = walk.people["teacher"].browser
    page = desk.open(f"/staff/enrolments/{enrolment}/", walk.slug)
    return desk.submit(page.form("/originals/"), {"what": "毕业证书、从业年限证明原件"})


def _enrol(walk: WalkContext) -> None:
    with walk.report.step("The trainee registers with an identity number, shown masked ever after", "一(一)") as step:
        trainee = _register(walk, "trainee")
        step.excerpt = excerpt(trainee.browser.open("/account/"))
    apply = f"/classes/{walk.facts['class']}/apply/"
    with walk.report.step("Too little practice: refused, and told exactly why", "一(一) 报名条件") as step:
        page = trainee.browser.open(apply, walk.slug)
        short = {"education": "vocational", "major_kind": "core", "practice_years": "1", "truthful": "on"}
        page = trainee.browser.submit(page.form(having="education"), short)
        step.excerpt = excerpt(page, 160)
    with walk.report.step("With the right years the trainee is found eligible and enrolled", "一(一) 报名条件") as step:
        page, walk.facts["enrolment"] = _apply(walk, trainee)
        step.excerpt = excerpt(page, 160)


def _pay(walk: WalkContext) -> None:
    trainee = walk.people["trainee"].browser
    with walk.report.step("The desk looks at the papers that prove what was declared", "一(一) 报名条件") as step:
        step.excerpt = excerpt(_look_at_papers(walk, walk.facts["enrolment"]), 160)
    with walk.report.step(
        "The trainee pays online; the payment provider's word counts, not the redirect", "二(二)"
    ) as step:
        page = trainee.open(f"/my/enrolments/{walk.facts['enrolment']}/", walk.slug)
        page = trainee.submit(page.form("/order/"))
        walk.facts["order"] = key_in(page, "/my/orders/")
        page = trainee.submit(page.form("/checkout/"))
        page = trainee.submit(page.form("pay"))
        paid = walk.until(lambda: _paid(walk), what="the payment")
        step.excerpt = excerpt(paid)


def _paid(walk: WalkContext) -> Page | None:
    page = walk.people["trainee"].browser.open(f"/my/orders/{walk.facts['order']}/", walk.slug)
    return page if page.soup.select_one("a[href*='/receipt/']") else None


def _classmates(walk: WalkContext) -> None:
    cashier = walk.people["teacher"].browser
    with walk.report.step(
        "Four classmates enrol and pay at the counter; each gets a numbered receipt", "一(一) 二(二)"
    ) as step:
        for n in range(CLASSMATES):
            person = _register(walk, f"classmate{n}")
            page, enrolment = _apply(walk, person)
            _look_at_papers(walk, enrolment)
            page = person.browser.submit(page.form("/order/"))
            order = key_in(page, "/my/orders/")
            page = cashier.open(f"/staff/orders/{order}/", walk.slug)
            paid = {"method": "cash", "amount": PRICE, "reference": ""}
            page = cashier.submit(page.form(having="method"), paid)
        step.excerpt = excerpt(page, 160)


def _learn(walk: WalkContext) -> None:
    teacher, trainee = walk.people["teacher"].browser, walk.people["trainee"].browser
    with walk.report.step("The teacher enters on-site hours day by day", "一(二) 学时") as step:
        group = f"/staff/classes/{walk.facts['class']}"
        for day in range(ONSITE_DAYS):
            moment = walk.moment(3, 9, 18) + timedelta(days=day)
            walk.at(moment)
            if day == 0:
                page = teacher.open(f"{group}/", walk.slug)
                page = teacher.submit(page.form("/start/"))
            page = teacher.open(f"{group}/attendance/", walk.slug)
            page = _attend(walk, teacher, page, day)
        step.excerpt = excerpt(page)
    with walk.report.step("The last hour is learnt online, counted by the server's clock", "一(二) 网络课程") as step:
        walk.at(walk.moment(3, 16, 20))
        step.excerpt = _online(walk, trainee)


def _attend(walk: WalkContext, teacher: Browser, page: Page, day: int) -> Page:
    """Enter a day's hours for everybody; on the last day the trainee leaves an hour early."""
    boxes = page.soup.select("input[name=people]")
    people = {str(box["value"]): str(box.find_parent("label") or box.parent) for box in boxes}
    late = [key for key, label in people.items() if walk.people["trainee"].name in label]
    entry = {"day": (walk.moment(3, 9) + timedelta(days=day)).date().isoformat(), "why": "当日签到表"}
    whole, short = list(people), []
    if day == ONSITE_DAYS - 1:
        whole, short = [key for key in people if key not in late], late
    for selected, hours in ((whole, "8"), (short, "7")):
        if selected:
            form = page.form(having="class_hours")
            result = teacher.submit(form, entry | {"class_hours": hours, "people": selected})
    return result


def _online(walk: WalkContext, trainee: Browser) -> str:
    page = trainee.open(f"/my/classes/{walk.facts['class']}/", walk.slug)
    page = trainee.open(page.link("/my/lessons/"))
    address = page.attribute("nx-lesson", "data-sessions")
    session = trainee.json("POST", address, walk.slug, expect=201)
    moment = walk.moment(3, 16, 20)
    beat, nonce = session["heartbeats"], session["nonce"]
    every = int(session["every"])
    for _n in range(45 * 60 // every + 1):
        moment += timedelta(seconds=every)
        walk.at(moment)
        answer = trainee.json("POST", beat, walk.slug, json={"nonce": nonce, "seconds": every, "position": 0})
        nonce = answer["nonce"]
    if not answer["hours"]["complete"]:
        raise Unexpected(f"the hours are not complete: {answer}")
    return excerpt(trainee.open(f"/my/classes/{walk.facts['class']}/", walk.slug), 160)
