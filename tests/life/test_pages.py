"""The running stack in a browser: every page that a role's navigation offers, looked at as that role."""

import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from infra.demo.accounts import PASSWORD, PLATFORM, STAFF, TRAINEE, SignIn, totp_secret
from infra.demo.institutions import LISTED

pytestmark = [pytest.mark.stack, pytest.mark.browser]

DESK = {"width": 1366, "height": 900}
PHONE = {"width": 390, "height": 844}
CHINESE = re.compile(r"[\u3400-\u9fff]")
ROLES = {sign_in.key: sign_in for sign_in in (*PLATFORM, *STAFF, TRAINEE)}
SIGNED_IN: dict[tuple[str, str], list[Any]] = {}
AT_THE_INSTITUTION = {sign_in.key for sign_in in (*STAFF, TRAINEE)}
EVERYBODYS = ".nx-nav a"
OWN = ".nx-side a, .nx-nav a[href^='/my/'], .nx-nav a[href^='/staff/']"
FAULTS_OF_A_PAGE = """() => {
  const seen = (element) => element.checkVisibility();
  const text = (element) => element.textContent.trim();
  const faults = [];
  if (!document.documentElement.lang) faults.push("no lang");
  const headings = [...document.querySelectorAll("h1")].filter((h) => seen(h) && text(h));
  if (headings.length !== 1) faults.push(`${headings.length} headings of the first order`);
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  const twice = ids.filter((id, n) => ids.indexOf(id) !== n);
  if (twice.length) faults.push(`twice the id ${twice[0]}`);
  for (const field of document.querySelectorAll("main input, main select, main textarea"))
    if (seen(field) && !field.labels?.length && !field.matches("[aria-label], [aria-labelledby]"))
      faults.push(`no label on ${field.name || field.id}`);
  for (const one of document.querySelectorAll("a[href], button"))
    if (seen(one) && !text(one) && !one.matches("[aria-label], [title]") && !one.querySelector("img[alt]"))
      faults.push(`no words on ${one.outerHTML.slice(0, 80)}`);
  const torn = document.body.innerText.match(/[\u3400-\u9fff\\w] +[，。、；：？！）」』》]|[（「『《] +\\S/);
  if (torn) faults.push(`a blank that nobody wrote: ${torn[0]}`);
  return faults;
}"""
FAULT_OF_THE_FOCUS = """(field) => {
  if (field.matches(":disabled")) return "";
  field.focus();
  if (field !== document.activeElement) return "the first field takes no focus";
  const style = getComputedStyle(field);
  return style.outlineStyle === "none" && style.boxShadow === "none" ? "the focus on the first field is not seen" : "";
}"""
FIRST_FIELD = "main input:not([type=hidden]):visible, main select:visible, main textarea:visible"


class Visitor:
    """One person at one browser; remembers everything that went wrong on the way."""

    def __init__(self, stack, browser: Browser, viewport: dict[str, int] = DESK) -> None:
        self.stack = stack
        self.faults: list[str] = []
        self.used: dict[str, str] = {}
        self.context: BrowserContext = browser.new_context(viewport=viewport, locale="zh-CN")
        self.context.set_default_timeout(30_000)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self._note(f"script error: {error}"))
        self.page.on("response", self._on_response)

    def _note(self, words: str) -> None:
        self.faults.append(f"{urlsplit(self.page.url).path}: {words}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            self._note(message.text)

    def _on_response(self, response: Response) -> None:
        if response.status >= 500:
            self._note(f"{response.status} from {response.url}")

    def url(self, path: str = "/", slug: str = "") -> str:
        host = f"{slug}.nuoxing.localhost" if slug else "nuoxing.localhost"
        return f"http://{host}:{self.stack.port}{path}"

    def go(self, url: str) -> None:
        self.page.goto(url, wait_until="load")

    def come_as(self, key: str, slug: str = "", *, anew: bool = False) -> None:
        """Be signed in at the platform and, with a slug, at that institution; one sign-in serves all the tests."""
        if (key, slug) in SIGNED_IN and not anew:
            self.context.add_cookies(SIGNED_IN[key, slug])
        else:
            self._sign_in(ROLES[key])
            if slug:
                self.go(self.url("/sign-in/?next=/", slug))
            SIGNED_IN[key, slug] = self.context.cookies()
        if not slug:
            self.go(self.url("/account/home/"))
        else:
            self.go(self.url("/my/" if key == "trainee" else "/staff/", slug))

    def _sign_in(self, who: SignIn) -> None:
        self.go(self.url("/account/login/"))
        self.page.fill("[name=login]", who.identifier)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main button.btn-primary")
        for _again in range(2):
            if "/2fa/" in self.page.url:
                self._second_factor(who)
        assert "/login/" not in self.page.url
        assert "/2fa/" not in self.page.url

    def _second_factor(self, who: SignIn) -> None:
        """Enter the code; one that was used already is taken by nobody, so the second time a new one is waited for."""
        code = pyotp.TOTP(totp_secret(who.identifier, installation=self.stack.secret)).now()
        if code == self.used.get(who.key) or time.time() % 30 > 27:
            time.sleep(31 - time.time() % 30)
            code = pyotp.TOTP(totp_secret(who.identifier, installation=self.stack.secret)).now()
        self.used[who.key] = code
        self.page.fill("[name=code]", code)
        self.page.click("main button.btn-primary")

    def looks_right(self) -> None:
        """Note what is wrong with the page now shown."""
        title = self.page.title()
        words = title.split(" · ")[0].strip()
        if self.page.get_attribute("html", "lang") == "zh-hans" and not CHINESE.search(words):
            self._note(f"the title is not Chinese: {title!r}")
        for fault in self.page.evaluate(FAULTS_OF_A_PAGE):
            self._note(fault)
        field = self.page.locator(FIRST_FIELD).first
        if field.count() and (fault := field.evaluate(FAULT_OF_THE_FOCUS)):
            self._note(fault)

    def fits(self) -> None:
        """Note a page that must be scrolled sideways."""
        over = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            self._note(f"{over} px too wide for {self.page.viewport_size}")

    def offered(self, where: str) -> list[str]:
        """The links that the navigations of the page now shown offer."""
        hrefs = self.page.eval_on_selector_all(where, "links => links.map((link) => link.href)")
        return [href for href in hrefs if ".nuoxing.localhost" in href or "//nuoxing.localhost" in href]

    def walk_the_navigation(self, where: str, *, fits: bool = False, most: int = 40) -> list[str]:
        """Open every page that a navigation offers from here on, and look at each."""
        waiting, opened = [self.page.url], []
        while waiting and len(opened) < most:
            url = waiting.pop(0)
            opened.append(url)
            self.go(url)
            self.looks_right()
            if fits:
                self.fits()
            waiting += [
                link for link in dict.fromkeys(self.offered(where)) if link not in opened and link not in waiting
            ]
        return opened


@pytest.fixture(scope="module")
def school(stack) -> str:
    """The slug of the demonstration's institution that enrols."""
    host = {"Host": f"nuoxing.localhost:{stack.port}"}
    listed = httpx.get(f"http://127.0.0.1:{stack.port}/api/v1/institutions/", headers=host, timeout=30).json()
    return next(one["slug"] for one in listed["results"] if one["credit_code"] == LISTED.credit_code)


@pytest.fixture
def visitor(stack, browser: Browser) -> Iterator[Visitor]:
    new = Visitor(stack, browser)
    yield new
    new.context.close()


@pytest.fixture
def phone(stack, browser: Browser) -> Iterator[Visitor]:
    new = Visitor(stack, browser, PHONE)
    yield new
    new.context.close()


@pytest.mark.parametrize("key", sorted(ROLES))
def test_every_page_in_a_roles_navigation_is_whole_and_fits_a_phone(key: str, visitor: Visitor, school: str) -> None:
    visitor.come_as(key, school if key in AT_THE_INSTITUTION else "")
    opened = visitor.walk_the_navigation(OWN)
    visitor.page.set_viewport_size(PHONE)
    for url in opened:
        visitor.go(url)
        visitor.fits()
    assert visitor.faults == []
    assert len(opened) >= 1


@pytest.mark.parametrize("at_school", [False, True], ids=["platform", "institution"])
def test_a_citizens_pages_are_whole_and_fit_a_phone(at_school: bool, phone: Visitor, school: str) -> None:
    phone.go(phone.url("/", school if at_school else ""))
    opened = phone.walk_the_navigation(EVERYBODYS, fits=True)
    assert phone.faults == []
    assert len(opened) >= 2


def test_a_trainees_pages_fit_a_phone(phone: Visitor, school: str) -> None:
    phone.come_as("trainee", school)
    phone.walk_the_navigation(f"{OWN}, .nx-menu-body a", fits=True)
    assert phone.faults == []


@pytest.mark.parametrize("path", ["/account/login/", "/account/signup/", "/account/help/", "/account/password/reset/"])
def test_the_ways_in_are_whole_and_fit_a_phone(path: str, phone: Visitor) -> None:
    phone.go(phone.url(path))
    phone.looks_right()
    phone.fits()
    assert phone.faults == []


@pytest.mark.parametrize("at_school", [False, True], ids=["platform", "institution"])
def test_one_button_turns_every_page_english_and_back(at_school: bool, visitor: Visitor, school: str) -> None:
    visitor.go(visitor.url("/policy/", school if at_school else ""))
    visitor.page.click(".nx-language button")
    assert visitor.page.get_attribute("html", "lang") == "en"
    assert visitor.page.url.endswith("/policy/")
    assert not CHINESE.search(visitor.page.title().split(" · ")[0])
    visitor.page.click(".nx-language button")
    assert visitor.page.get_attribute("html", "lang") == "zh-hans"


def test_signing_out_at_an_institution_ends_it_there(visitor: Visitor, school: str) -> None:
    visitor.come_as("trainee", school, anew=True)
    visitor.go(visitor.url("/my/", school))
    visitor.page.click(".nx-menu summary")
    visitor.page.click(".nx-menu-body form button")
    visitor.go(visitor.url("/", school))
    assert visitor.page.locator("a.nx-sign-in").count() == 1
    assert visitor.faults == []


def test_a_keyboard_reaches_the_content_first(visitor: Visitor) -> None:
    visitor.go(visitor.url("/"))
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.className") == "nx-skip"
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "main"


def test_a_passkey_of_the_device_opens_the_console_by_itself(stack, browser: Browser) -> None:
    visitor = Visitor(stack, browser)
    device = visitor.context.new_cdp_session(visitor.page)
    device.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    present = {"isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": kind | present})
    visitor.come_as("operator", anew=True)
    visitor.go(visitor.url("/account/2fa/webauthn/add/"))
    visitor.page.fill("[name=name]", "演示设备")
    visitor.page.click("form[data-nx-passkey=make] button.btn-primary")
    visitor.page.wait_for_url("**/account/2fa/")
    visitor.context.clear_cookies()
    visitor.go(visitor.url("/account/login/"))
    visitor.page.click("form[data-nx-passkey=use] button")
    visitor.page.wait_for_url("**/operator/**")
    assert visitor.page.locator("h1").first.is_visible()
    visitor.go(visitor.url("/account/2fa/webauthn/"))
    visitor.page.click("a[href$='/remove/']")
    visitor.page.click("main button.btn-danger")
    visitor.page.wait_for_url("**/account/2fa/webauthn/")
    assert visitor.page.locator("a[href$='/remove/']").count() == 0
    assert visitor.faults == []
    visitor.context.close()
