"""The authorities of a jurisdiction, as their file lists them."""

import tomllib
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import Field, ValidationError, model_validator

from ..values.lines import key_lines
from ..values.reading import PackFileError, problems_of
from ..values.shapes.base import Flag, Shape, Text, inconsistent

Code = Annotated[str, Field(pattern=r"^[0-9A-Z]{6}$")]
County = tuple[Code, Text, Text]


@dataclass(frozen=True, slots=True)
class Listed:
    """One division or authority of the file, in the order in which parents come first."""

    code: str
    level: str
    parent: str
    name: str
    name_en: str
    office: str
    office_en: str
    pseudo: bool


class City(Shape):
    """A prefecture-level city, or a new area with a code of ours (`pseudo`)."""

    code: Code
    name: Text
    name_en: Text
    office: Text
    office_en: Text
    pseudo: Flag = False
    counties: tuple[County, ...]


class AuthorityFile(Shape):
    """A province with its cities and counties."""

    jurisdiction: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    name: Text
    name_en: Text
    office: Text
    office_en: Text
    cities: tuple[City, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        seen = {self.jurisdiction}
        for number, city in enumerate(self.cities):
            if city.pseudo == city.code.isdecimal():
                what = "a pseudo code holds letters, an official one digits only"
                raise inconsistent(f"{city.code}: {what}", "cities", number, "code")
            self._refuse_twice(city.code, seen, "cities", number, "code")
            for place, (code, _name, _name_en) in enumerate(city.counties):
                self._refuse_twice(code, seen, "cities", number, "counties", place)
        return self

    @staticmethod
    def _refuse_twice(code: str, seen: set[str], *path: str | int) -> None:
        if code in seen:
            raise inconsistent(f"codes named twice: {code}", *path)
        seen.add(code)

    def listed(self) -> list[Listed]:
        """Return every authority and division, parents first."""
        top = Listed(self.jurisdiction, "province", "", self.name, self.name_en, self.office, self.office_en, False)
        rows = [top]
        for city in self.cities:
            level = "new_area" if city.pseudo else "city"
            names = (city.name, city.name_en, city.office, city.office_en)
            rows.append(Listed(city.code, level, top.code, *names, city.pseudo))
            rows += [Listed(code, "county", city.code, name, en, "", "", False) for code, name, en in city.counties]
        return rows


def read_authorities(text: str) -> AuthorityFile:
    """Return the authorities in `text`; raise PackFileError with every problem at its line."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise PackFileError.unreadable(fault) from None
    try:
        return AuthorityFile.model_validate(tree)
    except ValidationError as fault:
        raise PackFileError(problems_of(fault, tree, key_lines(text))) from None
