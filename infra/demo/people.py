"""Invented people: names, identity numbers and mobiles that pass every check and belong to nobody.

The identity numbers lie in a county code that was never given out, the mobiles in a range that no operator has.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kernel.idnumbers import make_resident_id

NOBODYS_COUNTY = "360190"
NOBODYS_RANGE = "154"

_SURNAMES = "刘陈李黄张王吴周徐胡熊邓罗曾谢彭钟余廖万肖叶汪邹龚涂赖欧阳"
_FIRST = "建志文国家永海立春晓嘉俊思雨宇子明德学振世光玉秀丽红"
_SECOND = "华强军平辉斌峰林涛波伟勇刚鹏飞阳龙宁兰芳敏静娟燕禾源泽楠"


@dataclass(frozen=True, slots=True)
class InventedPerson:
    """One invented person."""

    number: int
    name: str
    id_number: str
    born: date
    mobile: str
    education: str
    major: str
    years: int


# keys of the policy pack's educations and majors; the years satisfy the matrix for every position
_BACKGROUNDS = [
    ("college", "core", 2),
    ("vocational", "core", 4),
    ("bachelor", "related", 3),
    ("college", "related", 5),
]


def person(number: int, *, seed: int = 20260101) -> InventedPerson:
    """Return the invented person of a number; the same number is always the same person."""
    rng = random.Random(f"{seed}:{number}")  # noqa: S311  # people for a demonstration, no secret
    born = date(1972, 1, 1) + timedelta(days=rng.randrange(30 * 365))
    name = rng.choice(_SURNAMES) + rng.choice(_FIRST) + (rng.choice(_SECOND) if rng.random() < 0.8 else "")
    education, major, years = rng.choice(_BACKGROUNDS)
    return InventedPerson(
        number=number,
        name=name,
        id_number=make_resident_id(NOBODYS_COUNTY, born, number % 1000),
        born=born,
        mobile=f"{NOBODYS_RANGE}{number:08d}",
        education=education,
        major=major,
        years=years,
    )


def people(first: int, count: int) -> Iterator[InventedPerson]:
    """Yield invented people by their numbers."""
    return (person(number) for number in range(first, first + count))
