"""The authorities of a jurisdiction, as their file lists them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, ValidationError

from ..values.files import tree_of
from ..values.problems import PackFileError, problems_of
from ..values.shapes.base import Check, Flag, Jurisdiction, Misfit, Shape, Visible, misfit

Code = Annotated[str, Field(pattern=r"^[0-9A-Z]{6}$")]
Name = Annotated[str, Field(min_length=1, max_length=40), Visible]
NameEn = Annotated[str, Field(min_length=1, max_length=60), Visible]
Office = Annotated[str, Field(min_length=1, max_length=60), Visible]
OfficeEn = Annotated[str, Field(min_length=1, max_length=120), Visible]
County = tuple[Code, Name, NameEn]


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
    enrolment_centre: str = ""
    enrolment_centre_en: str = ""


class City(Shape):
    """A prefecture-level city, or a new area with a code of ours (`pseudo`)."""

    code: Code
    name: Name
    name_en: NameEn
    office: Office
    office_en: OfficeEn
    pseudo: Flag = False
    counties: tuple[County, ...]

    def checks(self) -> tuple[Check, ...]:
        """A code says what it is, and its counties are of its land and named once."""
        return (self._code, self._counties)

    def _code(self) -> Iterator[Misfit]:
        if self.pseudo == self.code.isdecimal():
            yield misfit(f"{self.code}: a pseudo code holds letters, an official one digits only", "code")

    def _counties(self) -> Iterator[Misfit]:
        names: set[str] = set()
        for place, (code, name, _name_en) in enumerate(self.counties):
            if not self.pseudo and code[:4] != self.code[:4]:
                yield misfit(f"{code} is no county of {self.code}: its code begins with {self.code[:4]}",
                             "counties", place)  # fmt: skip
            if name in names:
                yield misfit(f"names of counties named twice: {name}", "counties", place)
            names.add(name)


class AuthorityFile(Shape):
    """A province with its cities and counties."""

    jurisdiction: Jurisdiction
    name: Name
    name_en: NameEn
    office: Office
    office_en: OfficeEn
    enrolment_centre: Annotated[str, Field(max_length=60)] = ""
    enrolment_centre_en: Annotated[str, Field(max_length=120)] = ""
    cities: tuple[City, ...] = Field(min_length=1)

    def checks(self) -> tuple[Check, ...]:
        """Codes are the province's own, codes, cities and offices stand once, a training centre has both names."""
        return (self._codes, self._names, self._centre)

    def _centre(self) -> Iterator[Misfit]:
        if bool(self.enrolment_centre) != bool(self.enrolment_centre_en):
            yield misfit("the enrolment centre needs a name in both languages", "enrolment_centre")

    def _codes(self) -> Iterator[Misfit]:
        seen, prefix = {self.jurisdiction}, self.jurisdiction[:2]
        for number, city in enumerate(self.cities):
            rows: list[tuple[str, tuple[str | int, ...]]] = [(city.code, ("cities", number, "code"))]
            rows += [(county[0], ("cities", number, "counties", n)) for n, county in enumerate(city.counties)]
            for code, path in rows:
                if code in seen:
                    yield misfit(f"codes named twice: {code}", *path)
                elif code[:2] != prefix:
                    yield misfit(f"{code} is another province's: the codes of this one begin with {prefix}", *path)
                seen.add(code)

    def _names(self) -> Iterator[Misfit]:
        seen = {("office", self.office)}
        for number, city in enumerate(self.cities):
            for field in ("name", "office"):
                claim = (field, getattr(city, field))
                if claim in seen:
                    yield misfit(f"{field} named twice: {claim[1]}", "cities", number, field)
                seen.add(claim)

    def listed(self) -> list[Listed]:
        """Return every authority and division, parents first."""
        top = Listed(
            self.jurisdiction, "province", "", self.name, self.name_en, self.office, self.office_en, False,
            self.enrolment_centre, self.enrolment_centre_en,
        )  # fmt: skip
        rows = [top]
        for city in self.cities:
            level = "new_area" if city.pseudo else "city"
            names = (city.name, city.name_en, city.office, city.office_en)
            rows.append(Listed(city.code, level, top.code, *names, city.pseudo))
            rows += [Listed(code, "county", city.code, name, en, "", "", False) for code, name, en in city.counties]
        return rows


def read_authorities(text: str) -> AuthorityFile:
    """Return the authorities in `text`; raise PackFileError with every problem at its line."""
    tree = tree_of(text)
    try:
        authorities = AuthorityFile.model_validate(tree.values)
    except ValidationError as fault:
        problems = problems_of(fault, AuthorityFile, tree.values, tree.values, tree.lines)
        raise PackFileError([*tree.problems, *problems]) from None
    if tree.problems:
        raise PackFileError(tree.problems)
    return authorities
