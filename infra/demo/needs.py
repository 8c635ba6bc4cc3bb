"""What a demonstration needs of a province's files, asked before anything is started or loaded."""

from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path

from infra.demo import readings
from infra.demo.classes import TITLES
from kernel import clock
from shared.policy.methods.authorities import AuthorityFile
from shared.policy.methods.files import LISTS, SHIPPED, FilesFaulty, PolicyFiles, lists_in, read_files
from shared.policy.values.pack import Pack

BEGINNING = date(2023, 1, 9)
CATEGORIES = ("social", "vocational-college", "association", "enterprise")
EDUCATIONS, MAJORS = ("college", "vocational", "bachelor"), ("core", "related")
ITEMS = {"training": "person", "test": "attempt", "retest": "attempt", "material": "person"}
MOST_HOURS = 40  # that the demonstration teaches: five days of eight


class ProvinceUnready(Exception):
    """The demonstration cannot show this province; the words name all that is missing."""


def require(jurisdiction: str, elsewhere: Path | None) -> None:
    """Raise ProvinceUnready with every fault of the files, or with all that a demonstration of this province lacks."""
    folders = [SHIPPED, *([elsewhere] if elsewhere else [])]
    packs = [file for folder in folders for file in sorted(folder.glob("*.toml"))]
    try:
        files = read_files([*lists_in(folders), *packs])
    except FilesFaulty as fault:
        raise ProvinceUnready(f"The files of the provinces are not what they should be.\n{fault}") from None
    missing = list(_missing(jurisdiction, files))
    if missing:
        where = f"NUOXING_POLICY_PACKS={elsewhere}" if elsewhere else "NUOXING_POLICY_PACKS names no folder"
        lines = "\n".join(f"  - {what}" for what in missing)
        raise ProvinceUnready(
            f"There is no demonstration of NUOXING_JURISDICTION={jurisdiction} ({where}). What it lacks:\n{lines}\n"
            "Without the demonstration the platform runs for any province: ./nuoxing up"
        )


def _missing(jurisdiction: str, files: PolicyFiles) -> Iterator[str]:
    listing = next((one for one in files.authorities.values() if one.jurisdiction == jurisdiction), None)
    yield from _missing_of_land(jurisdiction, listing)
    packs = [reading.pack for reading in files.packs.values() if reading.pack.jurisdiction == jurisdiction]
    ruling = [pack for pack in packs if _rules(pack)]
    if not packs:
        yield f'a pack: a file that says jurisdiction = "{jurisdiction}"'
    elif not ruling:
        yield f"a pack in force on {BEGINNING}, when the demonstration's first year begins"
    for pack in ruling:
        yield from (f"{pack.version}: {what}" for what in _missing_of_pack(pack))


def _rules(pack: Pack) -> bool:
    return pack.effective_from <= BEGINNING and (
        pack.effective_to is None or pack.effective_to >= clock.legal_day(clock.real_now())
    )


def _missing_of_land(jurisdiction: str, listing: AuthorityFile | None) -> Iterator[str]:
    if listing is None:
        yield f"a list of authorities: {LISTS}/{jurisdiction}.toml"
    elif not any(city.counties for city in listing.cities):
        yield f"a city with a county in the list of authorities of {listing.name}"


def _missing_of_pack(pack: Pack) -> Iterator[str]:
    certified = {position.key: pack.hours(position.key) for position in pack.certifiable}
    for key in TITLES:
        if key not in certified:
            yield f"the position {key}, for which the demonstration has lessons and questions"
        elif certified[key] > MOST_HOURS:
            yield f"class hours of {key} up to {MOST_HOURS}, which the demonstration teaches (it has {certified[key]})"
    yield from _absent("the kind of institution", CATEGORIES, [c.key for c in pack.institutions.categories])
    yield from _absent("the education", EDUCATIONS, [e.key for e in pack.eligibility.educations])
    yield from _absent("the kind of major", MAJORS, [m.key for m in pack.eligibility.majors])
    for item, unit in ITEMS.items():
        if item not in {i.key for i in pack.fees.items}:
            yield f"the fee item {item}"
        elif unit not in pack.fees.item(item).units:
            yield f"the fee item {item} counted by {unit}"
    yield from (
        f"the fee item {key} among those of the demonstration" for key in sorted(pack.fees.required - set(ITEMS))
    )
    yield from _absent("questions of the kind", [s.key for s in pack.paper.sections], _kinds_of_questions())


def _absent(what: str, wanted: Collection[str], there: Collection[str]) -> Iterator[str]:
    return (f"{what} {key}" for key in wanted if key not in there)


def _kinds_of_questions() -> set[str]:
    return {
        item["kind"] for folder in readings.folders() for sheet in readings.sheets(folder) for item in sheet["items"]
    }
