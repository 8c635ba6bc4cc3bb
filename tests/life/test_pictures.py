"""The README's pictures, taken while a trainee's life is walked; written to the folder that NUOXING_SCREENS names,
or to one that is thrown away.
"""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from infra.walk.__main__ import CHAPTERS, free_year
from infra.walk.accounts import Person
from infra.walk.context import WalkContext
from infra.walk.report import Report, Step

pytestmark = [pytest.mark.stack, pytest.mark.browser]

SCREEN = {"width": 1200, "height": 780}
PHONE = {"width": 390, "height": 780}
TO_THE_TOP = "one => scrollTo({top: one.getBoundingClientRect().top + scrollY - 90, behavior: 'instant'})"
TO_THE_MIDDLE = "one => one.scrollIntoView({block: 'center'})"
SMALL_ENOUGH = 200_000
FOLDER = os.environ.get("NUOXING_SCREENS")


class Painter(Report):
    """Listens to a walk, and takes a picture where there is one to take: what that person sees at that time."""

    def __init__(self, port: int, browser: Browser, folder: Path) -> None:
        super().__init__(quiet=True)
        self.browser, self.folder = browser, folder
        self.walk = WalkContext(port, self, free_year(port), random.Random())
        self.waiting: dict[str, Callable[[], None]] = {
            "The commitment form is filled in": self.commitment,
            "The officer verifies on site": self.checklist,
            "A price above the ceiling": self.window,
            "The teacher enters on-site hours": self.training,
            "The trainee hands in": self.test,
            "The public ranking": self.honours,
        }

    @contextmanager
    def step(self, name: str, clause: str) -> Iterator[Step]:
        with super().step(name, clause) as step:
            yield step
        for words in [words for words in self.waiting if name.startswith(words)]:
            self.waiting.pop(words)()

    @contextmanager
    def seen_by(self, key: str, *, phone: bool = False) -> Iterator[Page]:
        """A browser with the cookies and the time of one of the walk's people ("" is nobody)."""
        context = self.browser.new_context(viewport=PHONE if phone else SCREEN, locale="zh-CN")
        if key:
            self._lend_cookies(self.walk.people[key], context)
        moment = self.walk.citizen.moment
        context.set_extra_http_headers({"Nuoxing-Now": moment.isoformat()} if moment else {})
        yield context.new_page()
        context.close()

    def _lend_cookies(self, person: Person, context) -> None:
        for host, client in person.browser._clients.items():
            there = [{"name": c.name, "value": c.value, "url": f"http://{host}"} for c in client.cookies.jar]
            context.add_cookies(there)

    def close(self) -> None:
        """Close what the walk's people have open."""
        for person in (self.walk.citizen, *(person.browser for person in self.walk.people.values())):
            person.close()
        if "socket" in self.walk.facts:
            self.walk.facts["socket"].close()

    def url(self, path: str, *, at_school: bool = False) -> str:
        return self.walk.citizen.url(path, self.walk.slug if at_school else "")

    def paint(self, page: Page, name: str) -> None:
        page.wait_for_load_state("load")
        page.wait_for_timeout(800)
        page.screenshot(path=self.folder / f"{name}.png")

    def follow(self, page: Page, link: str) -> None:
        page.goto(page.locator(f"main {link}").first.evaluate("link => link.href"))

    def commitment(self) -> None:
        with self.seen_by("principal") as page:
            page.goto(self.url(f"/commitment/{self.walk.facts['commitment']}/lines/"))
            self.paint(page, "commitment-form")

    def checklist(self) -> None:
        with self.seen_by("officer") as page:
            page.goto(self.url("/authority/"))
            self.paint(page, "authority-desk")
        with self.seen_by("officer", phone=True) as page:
            page.goto(self.url(f"/authority/commitments/{self.walk.facts['commitment']}/"))
            page.locator("main form h3, main form legend").first.evaluate(TO_THE_TOP)
            self.paint(page, "verification-checklist")

    def window(self) -> None:
        with self.seen_by("") as page:
            page.goto(self.url("/"))
            self.paint(page, "citizen-home")
            page.goto(self.url("/", at_school=True))
            self.paint(page, "institution")
            self.follow(page, "a[href*='/classes/']")
            page.locator("main .nx-price, main .nx-money").first.evaluate(TO_THE_MIDDLE)
            self.paint(page, "price-under-ceiling")

        with self.seen_by("", phone=True) as page:
            page.goto(self.url("/classes/"))
            page.locator("main .nx-cards").evaluate(TO_THE_TOP)
            self.paint(page, "class-search")

    def training(self) -> None:
        with self.seen_by("trainee", phone=True) as page:
            page.goto(self.url("/my/", at_school=True))
            self.paint(page, "my-training")

    def test(self) -> None:
        with self.seen_by("trainee", phone=True) as page:
            page.goto(self.url("/my/tests/", at_school=True))
            self.follow(page, "a[href$='/score/']")
            self.paint(page, "score")
        mate = next(key for key in sorted(self.walk.people) if key.startswith("classmate"))
        with self.seen_by(mate) as page:
            page.goto(self.url("/my/tests/", at_school=True))
            self.follow(page, "a[href*='/my/attempts/']")
            page.wait_for_timeout(1500)
            start = page.locator("nx-test-client button.btn-primary")
            if start.count():
                start.first.click()
                page.wait_for_timeout(1500)
            for _n in range(6):
                page.keyboard.press("1")
                page.keyboard.press("ArrowRight")
                page.wait_for_timeout(300)
            self.paint(page, "test-client")
        with self.seen_by("chief") as page:
            page.goto(self.url(f"/staff/sittings/{self.walk.facts['sitting']}/room/", at_school=True))
            self.paint(page, "proctor-room")

    def honours(self) -> None:
        with self.seen_by("") as page:
            page.goto(str(self.results["certificate_url"]))
            self.paint(page, "certificate-verified")
            page.goto(self.url("/rankings/"))
            self.paint(page, "ranking")


# The walk is a program of its own: what it leaves open, its end closes.
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::pytest.PytestWarning")
@pytest.mark.long  # a whole life again
def test_the_pictures_of_a_whole_life(stack, browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NUOXING_SECRET_KEY", stack.secret)
    folder = Path(FOLDER or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    painter = Painter(stack.port, browser, folder)
    try:
        for chapter in CHAPTERS:
            chapter(painter.walk)
    finally:
        painter.close()
    assert painter.waiting == {}
    assert [p.name for p in folder.glob("*.png") if p.stat().st_size > SMALL_ENOUGH] == []
