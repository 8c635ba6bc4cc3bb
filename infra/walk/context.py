"""Context of one walk: the people, the institution, the times, and the facts collected on the way."""

import random
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from infra.demo.accounts import LAND
from infra.demo.people import person as invented
from infra.walk.accounts import Person
from infra.walk.browser import Browser, Page, Unexpected
from infra.walk.report import Report
from kernel import clock
from kernel.idnumbers import make_credit_code


@dataclass
class WalkContext:
    """One walk: everything it makes is its own."""

    port: int
    report: Report
    year: int
    rng: random.Random
    people: dict[str, Person] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    slug: str = ""

    @property
    def trainees(self) -> list[Person]:
        """Return everybody who is trained, the walk's own trainee first."""
        mates = [person for key, person in sorted(self.people.items()) if key.startswith("classmate")]
        return [self.people["trainee"], *mates]

    @property
    def citizen(self) -> Browser:
        """Return a browser in which nobody is signed in."""
        if "citizen" not in self.facts:
            self.facts["citizen"] = Browser(self.port)
        browser: Browser = self.facts["citizen"]
        return browser

    def moment(self, month: int, day: int, hour: int = 9, minute: int = 0, *, next_year: bool = False) -> datetime:
        """Return a time of the walk's year in China."""
        return datetime(self.year + next_year, month, day, hour, minute, tzinfo=clock.CHINA)

    def at(self, moment: datetime) -> None:
        """Let everybody's requests carry this time."""
        self.citizen.moment = moment
        for person in self.people.values():
            person.browser.moment = moment

    def __enter__(self) -> Self:
        """Begin the walk."""
        return self

    def __exit__(self, *_fault: object) -> None:
        """Let everybody close their browser."""
        self.citizen.close()
        for person in self.people.values():
            person.browser.close()

    def newcomer(self) -> Any:
        """Return an invented person whom no walk has met yet, with a name that nobody else in this walk has."""
        names = {person.name for person in self.people.values()}
        while True:
            who = invented(10_000 + self.rng.randrange(89_000_000), seed=self.rng.randrange(10**9))
            if not any(who.name in name or name in who.name for name in names):
                return who

    def credit_code(self) -> str:
        """Return a credit code that belongs to nobody."""
        letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        return make_credit_code("52", LAND.places[0].code, "MJ" + "".join(self.rng.choice(letters) for _n in range(6)))

    def until(self, look: Any, *, seconds: float = 60, what: str) -> Any:
        """Look again and again until something is there."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            result = look()
            if result:
                return result
            time.sleep(0.3)
        last = {key: excerpt(p.browser.last, 200) for key, p in self.people.items() if p.browser.last}
        raise Unexpected(f"waited {seconds:.0f} s in vain for {what}; people see: {last}")


def excerpt(page: Page, length: int = 110) -> str:
    """Return the first words a person sees on a page."""
    return page.text[:length]
