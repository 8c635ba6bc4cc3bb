"""Accounts of the walk's people: sign-up, sign-in, second factor."""

import os
import re
import time
from dataclasses import dataclass

import pyotp

from infra.demo.accounts import PASSWORD, PLATFORM, SignIn, totp_secret
from infra.demo.people import InventedPerson
from infra.walk.browser import Browser, Page, Unexpected

WALK_PASSWORD = "walk-through-2026"  # noqa: S105  # of people whom the walk itself invents
_CODE = re.compile(r"\b\d{6}\b|\b[A-Z0-9]{3}-?[A-Z0-9]{3}\b")


@dataclass
class Person:
    """One person with a browser."""

    name: str
    identifier: str
    browser: Browser
    password: str = WALK_PASSWORD
    secret: str = ""


def demo_person(key: str, port: int) -> Person:
    """Return one of the demonstration's officers, not signed in yet."""
    account: SignIn = next(a for a in PLATFORM if a.key == key)
    secret = totp_secret(account.identifier, installation=os.environ["NUOXING_SECRET_KEY"])
    return Person(account.name, account.identifier, Browser(port), PASSWORD, secret)


def message_to(reader: Browser, identifier: str) -> str:
    """Return the newest message that the demonstration's outbox page shows for an address, with its links."""
    for _n in range(60):
        page = reader.open("/demo/outbox/")
        for row in page.soup.select("tbody tr, .list-group-item"):
            if identifier in row.get_text(" "):
                links = " ".join(str(a["href"]) for a in row.find_all("a", href=True))
                return " ".join(row.get_text(" ").split()) + " " + links
        time.sleep(0.25)
    raise Unexpected(f"no message for {identifier} in the outbox")


def code_in(text: str) -> str:
    """Return the code that a message holds."""
    match = _CODE.search(text)
    if match is None:
        raise Unexpected(f"no code in: {text}")
    return match.group(0)


def sign_up(port: int, invented: InventedPerson) -> Person:
    """Register an invented person at the platform, with the code that was sent."""
    person = Person(invented.name, invented.mobile, Browser(port))
    page = person.browser.open("/account/signup/")
    form = page.form("signup")
    page = person.browser.submit(
        form, {"name": person.name, "identifier": person.identifier, "password1": person.password, "agree": "on"}
    )
    code = code_in(message_to(person.browser, person.identifier))
    page = person.browser.submit(page.form(having="code"), {"code": code})
    return person


def sign_in(person: Person) -> Page:
    """Sign a person in at the platform, with a second factor where there is one."""
    page = person.browser.open("/account/login/")
    page = person.browser.submit(page.form(having="login"), {"login": person.identifier, "password": person.password})
    if "2fa" in page.url:
        page = show_code(person, page)
    return page


def show_code(person: Person, page: Page) -> Page:
    """Give the present code; a code that was used already is waited out, as a person would."""
    for _n in range(3):
        code = pyotp.TOTP(person.secret).now()
        try:
            return person.browser.submit(page.form(having="code"), {"code": code})
        except Unexpected as fault:
            if "was not accepted" not in str(fault):
                raise
            time.sleep(30 - time.time() % 30 + 0.5)
    raise Unexpected(f"no code of {person.name} was taken: {person.browser.last and person.browser.last.text[:200]}")


def set_up_second_factor(person: Person) -> None:
    """Enrol an authenticator, as the first thing that new staff are asked for."""
    page = person.browser.open("/account/2fa/totp/activate/")
    if "reauthenticate" in page.url:
        page = person.browser.submit(page.form(having="password"), {"password": person.password})
    secret = page.soup.select_one(".nx-secret")
    if secret is None:
        raise Unexpected(f"{page.url} shows no secret: {page.text[:300]}")
    person.secret = secret.get_text(strip=True)
    person.browser.submit(page.form(having="code"), {"code": pyotp.TOTP(person.secret).now()})
