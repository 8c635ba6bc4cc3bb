"""The land of the demonstration: the province of NUOXING_JURISDICTION with its cities and counties, as its list of
authorities names them, and who verifies which kind of institution, as its pack says.

Read from the files before anything is loaded, and without Django: the walk needs it, too. What a province lacks for a
demonstration says `infra.demo.needs`; until it has been asked, nothing here complains.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from infra.demo import jiangxi

SHIPPED = Path(__file__).parents[2] / "platform/shared/policy/packs"
PLACES = 6
OFFICERS = ("柏经办", "梅经办", "兰经办", "竹经办", "松经办", "桐经办")
INSPECTORS = ("榆检查", "槐检查")


@dataclass(frozen=True, slots=True)
class Place:
    """A city of the demonstration with the counties in which institutions are: code and name of each."""

    key: str  # of its officer's sign-in
    code: str
    name: str
    name_en: str
    counties: tuple[tuple[str, str], ...]

    @property
    def short(self) -> str:
        """Return its name as part of another one: without the word for a city."""
        return self.name.removesuffix("市")

    def county(self, n: int) -> tuple[str, str]:
        """Return code and name of its n-th county, the first again after the last."""
        return self.counties[n % len(self.counties)] if self.counties else (self.code, "")


@dataclass(frozen=True, slots=True)
class Land:
    """The province of the demonstration."""

    jurisdiction: str
    name: str
    places: tuple[Place, ...]
    officers: Sequence[str]
    inspectors: Sequence[str]
    by_province: frozenset[str]  # the kinds of institution that the province itself verifies
    own_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def short(self) -> str:
        """Return its name as part of another one: without the words for a province."""
        return re.sub("(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)$", "", self.name)

    def called(self, key: str, place: int) -> str:
        """Return what something is called by: a name of its own, or its city's."""
        return self.own_names.get(key) or self.places[place].short


@cache
def land() -> Land:
    """Return the land of this installation's demonstration."""
    return land_of(os.environ.get("NUOXING_JURISDICTION") or jiangxi.JURISDICTION)


def land_of(jurisdiction: str) -> Land:
    """Return the land of a province; of one without a list of authorities, a land of one place without a name."""
    listing: dict[str, Any] = {}
    for one in _files("authorities"):
        listing = one if one.get("jurisdiction") == jurisdiction else listing
    known = jurisdiction == jiangxi.JURISDICTION
    cities = {city["code"]: city for city in listing.get("cities", ())}
    wanted = jiangxi.PLACES if known else [(c["code"], ()) for c in cities.values() if c.get("counties")]
    places = [_place(cities[code], counties) for code, counties in wanted if code in cities]
    places = places or [Place("", jurisdiction, "", "", ())]
    return Land(
        jurisdiction,
        listing.get("name", ""),
        tuple(_with_keys([places[n % len(places)] for n in range(PLACES)])),
        jiangxi.OFFICERS if known else OFFICERS,
        jiangxi.INSPECTORS if known else INSPECTORS,
        frozenset(_verified_by_province(jurisdiction)),
        jiangxi.BY_NAMES_OF_OLD if known else {},
    )


def _place(city: Mapping[str, Any], wanted: Sequence[str]) -> Place:
    counties = {county[0]: county[1] for county in city["counties"]}
    chosen = tuple((code, counties[code]) for code in wanted or counties if code in counties)
    return Place(re.sub("[^a-z]", "", city["name_en"].lower()), city["code"], city["name"], city["name_en"], chosen)


def _with_keys(places: Sequence[Place]) -> Iterator[Place]:
    """Yield places under keys of their own: that of the first is short, and a city may come twice."""
    taken = {"city", "province", "inspector", "operator", "employer", ""}
    for n, place in enumerate(places):
        key = "city" if n == 0 else place.key if place.key not in taken else f"{place.key or 'city'}{n}"
        taken.add(key)
        yield replace(place, key=key)


def _verified_by_province(jurisdiction: str) -> Iterator[str]:
    packs = [one for one in _files("") if one.get("jurisdiction") == jurisdiction]
    for category in packs[-1].get("institutions", {}).get("categories", ()) if packs else ():
        verified = category.get("verified_by")
        if (verified.get("value") if isinstance(verified, dict) else verified) == "province":
            yield category["key"]


def _files(folder: str) -> Iterator[dict[str, Any]]:
    """Yield what the files of a folder say, the shipped ones first; those that cannot be read are passed over."""
    elsewhere = os.environ.get("NUOXING_POLICY_PACKS", "")
    for base in (SHIPPED, *([Path(elsewhere)] if elsewhere else [])):
        for file in sorted((base / folder).glob("*.toml")):
            try:
                yield tomllib.loads(file.read_text(encoding="utf-8-sig"))
            except (OSError, ValueError):
                continue
