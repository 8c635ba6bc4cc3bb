"""From an empty institution to a trainee with all hours: staff, class, price, application, payment, learning."""

import re
from datetime import timedelta

from infra.walk import cast
from infra.walk.browser import Browser, Page, Unexpected
from infra.walk.cast import Person
from infra.walk.life import Life, words

ROLES = {
    "teacher": ("registrar", "teacher", "cashier"),
    "chief": ("chief_proctor", "proctor"),
    "proctor": ("proctor",),
}
ONSITE_DAYS = 5
PRICE = "680.00"
CLASSMATES = 4


def run(life: Life) -> None:
    """Go from an institution without anybody to a trainee who may be tested."""
    life.at(life.moment(3, 3))
    _staff(life)
    _open_class(life)
    _enrol(life)
    _pay(life)
    _classmates(life)
    _learn(life)


def _staff(life: Life) -> None:
    principal = life.people["principal"]
    with life.report.step(
        "The principal invites the staff; each sets a password and a second factor", "二(二)"
    ) as step:
        for key, roles in ROLES.items():
            person = Person((who := life.newcomer()).name, who.mobile, Browser(life.port))
            for role in roles:
                page = principal.browser.open("/staff/people/", life.slug)
                asked = {"identifier": person.identifier, "name": person.name, "role": role}
                page = principal.browser.submit(page.form(having="role"), asked)
            _accept(life, person)
            life.people[key] = person
        step.saw = words(principal.browser.open("/staff/people/", life.slug))
    life.at(life.moment(3, 4))


def _accept(life: Life, person: Person) -> None:
    text = cast.message_to(life.citizen, person.identifier)
    link = re.search(r"https?://\S+/account/invitation/\S+?/(?=\s|$)", text)
    if link is None:
        raise Unexpected(f"no invitation in: {text}")
    page = person.browser.open(link.group(0))
    person.browser.submit(page.form(having="password"), {"password": person.password})
    if "login" in person.browser.open("/account/").url:
        cast.sign_in(person)
    cast.set_up_second_factor(person)


def _open_class(life: Life) -> None:
    teacher = life.people["teacher"]
    there = teacher.browser
    with life.report.step("A programme of 40 class hours and a class are planned", "一(二)") as step:
        page = there.open("/staff/programmes/new/", life.slug)
        page = there.submit(page.form(having="class_hours"), {"position": "SGY-TJ", "title": "土建施工员岗位培训"})
        life.facts["programme"] = key_in(page, "/staff/programmes/")
        lesson = {"title": "施工组织设计", "kind": "document", "minutes": "45", "body": "施工组织设计的编制与审批。"}
        page = there.submit(page.form("/lessons/"), lesson)
        page = there.open("/staff/classes/new/", life.slug)
        starts, ends = life.moment(3, 9).date(), life.moment(4, 30).date()
        teacher_id = str(page.soup.select_one("select[name=teacher]").find_all("option")[-1]["value"])  # type: ignore[union-attr]  # a select stands there
        planned = {
            "programme": life.facts["programme"],
            "name": f"{life.year}年第一期",
            "starts_on": starts.isoformat(),
            "ends_on": ends.isoformat(),
            "capacity": "30",
            "teacher": teacher_id,
        }
        page = there.submit(page.form(having="capacity"), planned)
        life.facts["class"] = key_in(page, "/staff/classes/")
        step.saw = words(page)
    with life.report.step("A price above the ceiling is refused, one under it is published", "二(二) 收费") as step:
        prices = f"/staff/classes/{life.facts['class']}/prices/"
        principal = life.people["principal"].browser
        page = principal.open(prices, life.slug)
        dear = {"fee_item": "training", "unit": "person", "base": "999999"}
        page = principal.submit(page.form(having="fee_item"), dear, expect=422)
        refused = " ".join(page.errors())
        page = principal.submit(page.form(having="fee_item"), dear | {"base": PRICE})
        page = principal.open(prices, life.slug)
        principal.submit(page.form("/opening/"))
        life.citizen.moment = life.moment(3, 5)
        step.saw = f"{refused[:60]} → {words(life.citizen.open('/', life.slug), 90)}"


def key_in(page: Page, before: str) -> str:
    """Return the key that stands after `before` in the page's address."""
    found = re.search(re.escape(before) + r"([0-9a-f-]{36})", page.url)
    if found is None:
        raise Unexpected(f"{page.url} names no thing after {before}: {page.errors()} {page.text[:300]}")
    return found.group(1)


def _register(life: Life, key: str) -> Person:
    """Let somebody new sign up and say who they are; nothing shows the whole number again."""
    who = life.newcomer()
    person = cast.sign_up(life.port, who)
    life.people[key] = person
    life.at(life.moment(3, 5))
    page = person.browser.open("/account/person/")
    values = {"name": who.name, "id_type": "resident", "id_number": who.id_number, "mobile": who.mobile}
    page = person.browser.submit(page.form(having="id_number"), values | {"agree_notice": "on", "agree_number": "on"})
    if who.id_number in page.response.text:
        raise Unexpected("the whole identity number is shown")
    return person


def _apply(life: Life, person: Person) -> tuple[Page, str]:
    """Let a person apply with what the matrix asks for; return the page and the enrolment."""
    page = person.browser.open(f"/classes/{life.facts['class']}/apply/", life.slug)
    right = {"education": "college", "major_kind": "core", "practice_years": "3", "truthful": "on"}
    page = person.browser.submit(page.form(having="education"), right)
    return page, key_in(page, "/my/enrolments/")


def _enrol(life: Life) -> None:
    with life.report.step("The trainee registers with an identity number, shown masked ever after", "一(一)") as step:
        trainee = _register(life, "trainee")
        step.saw = words(trainee.browser.open("/account/"))
    apply = f"/classes/{life.facts['class']}/apply/"
    with life.report.step("Too little practice: refused, and told exactly why", "一(一) 报名条件") as step:
        page = trainee.browser.open(apply, life.slug)
        short = {"education": "vocational", "major_kind": "core", "practice_years": "1", "truthful": "on"}
        page = trainee.browser.submit(page.form(having="education"), short)
        step.saw = words(page, 160)
    with life.report.step("With the right years the trainee is found eligible and enrolled", "一(一) 报名条件") as step:
        page, life.facts["enrolment"] = _apply(life, trainee)
        step.saw = words(page, 160)


def _pay(life: Life) -> None:
    trainee = life.people["trainee"].browser
    with life.report.step(
        "The trainee pays online; the payment provider's word counts, not the redirect", "二(二)"
    ) as step:
        page = trainee.open(f"/my/enrolments/{life.facts['enrolment']}/", life.slug)
        page = trainee.submit(page.form("/order/"))
        life.facts["order"] = key_in(page, "/my/orders/")
        page = trainee.submit(page.form("/checkout/"))
        page = trainee.submit(page.form("pay"))
        paid = life.until(lambda: _paid(life), what="the payment")
        step.saw = words(paid)


def _paid(life: Life) -> Page | None:
    page = life.people["trainee"].browser.open(f"/my/orders/{life.facts['order']}/", life.slug)
    return page if page.soup.select_one("a[href*='/receipt/']") else None


def _classmates(life: Life) -> None:
    till = life.people["teacher"].browser
    with life.report.step(
        "Four classmates enrol and pay at the counter; each gets a numbered receipt", "一(一) 二(二)"
    ) as step:
        for n in range(CLASSMATES):
            person = _register(life, f"classmate{n}")
            page, _enrolment = _apply(life, person)
            page = person.browser.submit(page.form("/order/"))
            order = key_in(page, "/my/orders/")
            page = till.open(f"/staff/orders/{order}/", life.slug)
            paid = {"method": "cash", "amount": PRICE, "reference": ""}
            page = till.submit(page.form(having="method"), paid)
        step.saw = words(page, 160)


def _learn(life: Life) -> None:
    teacher, trainee = life.people["teacher"].browser, life.people["trainee"].browser
    with life.report.step("The teacher enters on-site hours day by day", "一(二) 学时") as step:
        group = f"/staff/classes/{life.facts['class']}"
        for day in range(ONSITE_DAYS):
            moment = life.moment(3, 9, 18) + timedelta(days=day)
            life.at(moment)
            if day == 0:
                page = teacher.open(f"{group}/", life.slug)
                page = teacher.submit(page.form("/start/"))
            page = teacher.open(f"{group}/attendance/", life.slug)
            page = _attend(life, teacher, page, day)
        step.saw = words(page)
    with life.report.step("The last hour is learnt online, counted by the server's clock", "一(二) 网络课程") as step:
        life.at(life.moment(3, 16, 20))
        step.saw = _online(life, trainee)


def _attend(life: Life, teacher: Browser, page: Page, day: int) -> Page:
    """Enter a day's hours for everybody; on the last day the trainee leaves an hour early."""
    boxes = page.soup.select("input[name=people]")
    people = {str(box["value"]): str(box.find_parent("label") or box.parent) for box in boxes}
    late = [key for key, label in people.items() if life.people["trainee"].name in label]
    entry = {"day": (life.moment(3, 9) + timedelta(days=day)).date().isoformat(), "why": "当日签到表"}
    whole, short = list(people), []
    if day == ONSITE_DAYS - 1:
        whole, short = [key for key in people if key not in late], late
    for chosen, hours in ((whole, "8"), (short, "7")):
        if chosen:
            form = page.form(having="class_hours")
            done = teacher.submit(form, entry | {"class_hours": hours, "people": chosen})
    return done


def _online(life: Life, trainee: Browser) -> str:
    page = trainee.open(f"/my/classes/{life.facts['class']}/", life.slug)
    page = trainee.open(page.link("/my/lessons/"))
    address = page.attribute("nx-lesson", "data-sessions")
    session = trainee.json("POST", address, life.slug, expect=201)
    moment = life.moment(3, 16, 20)
    beat, nonce = session["heartbeats"], session["nonce"]
    every = int(session["every"])
    for _n in range(45 * 60 // every + 1):
        moment += timedelta(seconds=every)
        life.at(moment)
        answer = trainee.json("POST", beat, life.slug, json={"nonce": nonce, "seconds": every, "position": 0})
        nonce = answer["nonce"]
    if not answer["hours"]["complete"]:
        raise Unexpected(f"the hours are not complete: {answer}")
    return words(trainee.open(f"/my/classes/{life.facts['class']}/", life.slug), 160)
