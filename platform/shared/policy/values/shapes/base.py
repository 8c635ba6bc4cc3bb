"""Base types of a pack's sections."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from difflib import get_close_matches
from typing import Annotated, Any, NamedTuple, Self, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from kernel.clock import YEARS
from kernel.languages import localized

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _none(value: Any) -> Any:
    return None if value == "none" else value


def _half(value: Any) -> int | float:
    """Return a whole or half number, which is exact as a float, too; a whole one as an int."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value * 2 % 1 != 0:
        raise ValueError("must be a whole or half number")
    return int(value) if value == int(value) else value


def _day(value: Any) -> date:
    """Return a day as a file says it; neither a moment nor a number is one."""
    if isinstance(value, date) and not isinstance(value, datetime):
        day = value
    elif isinstance(value, str) and _DAY.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise ValueError("there is no such day in the calendar") from None
    else:
        raise ValueError("Input should be a valid date: year-month-day")
    if day.year not in YEARS:
        raise ValueError(f"lies outside the years {YEARS[0]} to {YEARS[-1]}")
    return day


def _visible(value: str) -> str:
    if not value.strip():
        raise ValueError("String should have at least 1 character")
    return value


Visible = AfterValidator(_visible)

# Bounds are generous: they keep out the slip of the pen and what no calendar or screen can hold, and decide nothing.
Count = Annotated[int, Field(strict=True, ge=0, le=10_000)]
Positive = Annotated[int, Field(strict=True, ge=1, le=10_000)]
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]
Age = Annotated[int, Field(strict=True, ge=1, le=120)]
Days = Annotated[int, Field(strict=True, ge=1, le=366)]  # of a term
DaysOrAtOnce = Annotated[int, Field(strict=True, ge=0, le=366)]
Minutes = Annotated[int, Field(strict=True, ge=1, le=1_440)]
MinutesOrNone = Annotated[int, Field(strict=True, ge=0, le=1_440)]
Months = Annotated[int, Field(strict=True, ge=1, le=120)]
Years = Annotated[int, Field(strict=True, ge=0, le=100)]
Cycle = Annotated[int, Field(strict=True, ge=1, le=20)]  # of years
Limit = Annotated[Positive | None, BeforeValidator(_none)]  # "none" in the file: deliberately without
AgeLimit = Annotated[Age | None, BeforeValidator(_none)]
DaysLimit = Annotated[Days | None, BeforeValidator(_none)]
HoursADay = Annotated[Annotated[int, Field(strict=True, ge=1, le=24)] | None, BeforeValidator(_none)]
Halves = Annotated[int | float, BeforeValidator(_half), Field(gt=0, le=1_000)]
Weight = Annotated[int | float, BeforeValidator(_half), Field(ge=0, le=100)]  # percent
Flag = Annotated[bool, Field(strict=True)]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$", max_length=40)]
Text = Annotated[str, Field(min_length=1, max_length=2_000), Visible]
Template = Annotated[str, Field(min_length=1, max_length=60), Visible]
Day = Annotated[date, BeforeValidator(_day)]
Jurisdiction = Annotated[str, Field(pattern=r"^[1-9][0-9]0000$")]
KeyOrNone = Annotated[Key | None, BeforeValidator(_none)]
TemplateOrNone = Annotated[Template | None, BeforeValidator(_none)]


class Misfit(NamedTuple):
    """What does not fit together, and where it is shown (from the shape that checks)."""

    what: str
    path: tuple[str | int, ...]


Check = Callable[[], Iterator[Misfit]]


def misfit(what: str, *path: str | int) -> Misfit:
    """Return a misfit at a path."""
    return Misfit(what, path)


class Shape(BaseModel):
    """A section: frozen, and without room for a mistyped key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def checks(self) -> tuple[Check, ...]:
        """Return what is asked of the values together, beyond what each must be."""
        return ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        misfits = [found for check in self.checks() for found in check()]
        if misfits:
            raise PydanticCustomError("misfit", "{what}", {"what": misfits[0].what, "misfits": misfits})
        return self


class Named(Shape):
    """Something that people see by name."""

    key: Key
    name: Text
    name_en: Text

    @property
    def label(self) -> str:
        """Return the name in the active language."""
        return localized(self.name, self.name_en)

    def __str__(self) -> str:
        """Return the name in the active language."""
        return self.label


def duplicates(entries: Iterable[Any], *path: str | int) -> Iterator[Misfit]:
    """Yield every entry that has the key of an earlier one, or its name."""
    seen: set[tuple[str, str]] = set()
    for number, entry in enumerate(entries):
        for field in ("key", "name", "name_en"):
            value = getattr(entry, field, None)
            if value is None:
                continue
            claim = (field, value.strip().casefold() if field != "key" else value)
            if claim in seen:
                yield misfit(f"{path[-1]} named twice: {value}", *path, number, *([] if field == "key" else [field]))
            seen.add(claim)


def repeated(values: Iterable[Any], *path: str | int) -> Iterator[Misfit]:
    """Yield the values of a list that stand in it already."""
    seen: list[Any] = []
    for number, value in enumerate(values):
        if value in seen:
            yield misfit(f"{path[-1]} named twice: {value}", *path, number)
        seen.append(value)


def unlisted(key: str | None, known: Iterable[Any], *path: str | int) -> Iterator[Misfit]:
    """Yield a misfit where a key is none of the listed entries'."""
    keys = [entry.key for entry in known]
    if key is not None and key not in keys:
        yield misfit(f"names what is not listed: {key}{suggestion(key, keys)}", *path)


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return what was probably meant, as the end of a sentence; empty where nothing is near."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.7)
    return f"; did you mean {near[0]}?" if near else ""


def shapes_in(annotation: Any) -> tuple[type[Shape], ...]:
    """Return the shapes that a field may hold: itself, or those within a tuple, a mapping or a choice."""
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        return (annotation,)
    return tuple(shape for part in get_args(annotation) for shape in shapes_in(part))
