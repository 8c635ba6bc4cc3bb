"""Employers: how one proves itself, and how long what waits for an answer stands."""

from typing import Literal

from pydantic import Field

from .base import Check, Days, Shape, repeated

Way = Literal["letter", "vouching"]


class Employers(Shape):
    """Which ways of proving an employer and its clerk are open, and for how many calendar days somebody is waited for:
    whoever looks at a registration, and a person whom an employer names.
    """

    ways: tuple[Way, ...] = Field(min_length=1)
    waiting_days: Days
    consent_days: Days

    def checks(self) -> tuple[Check, ...]:
        """A way stands once."""
        return (lambda: repeated(self.ways, "ways"),)
