"""Base types of a pack's sections."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from kernel.languages import localized


def _none(value: Any) -> Any:
    return None if value == "none" else value


def _half(value: Any) -> int | float:
    """Return a whole or half number, which is exact as a float, too; a whole one as an int."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value * 2 % 1 != 0:
        raise ValueError("must be a whole or half number")
    return int(value) if value == int(value) else value


Count = Annotated[int, Field(strict=True, ge=0)]
Positive = Annotated[int, Field(strict=True, ge=1)]
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]
Limit = Annotated[Positive | None, BeforeValidator(_none)]  # "none" in the file: deliberately without
Halves = Annotated[int | float, BeforeValidator(_half), Field(gt=0)]
Weight = Annotated[int | float, BeforeValidator(_half), Field(ge=0, le=100)]  # percent
Flag = Annotated[bool, Field(strict=True)]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$", max_length=40)]
Text = Annotated[str, Field(min_length=1)]
KeyOrNone = Annotated[Key | None, BeforeValidator(_none)]
TextOrNone = Annotated[Text | None, BeforeValidator(_none)]


class Shape(BaseModel):
    """A section: frozen, and without room for a mistyped key."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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


def inconsistent(what: str, *path: str | int) -> PydanticCustomError:
    """Return the error for values that do not fit together, to be told at `path` (from the shape that checks)."""
    return PydanticCustomError("misfit", "{what}", {"what": what, "path": path})


def refuse_duplicates(entries: Iterable[Any], *path: str) -> None:
    """Refuse two entries of the same key; the second is told."""
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        if entry.key in seen:
            raise inconsistent(f"{path[-1]} named twice: {entry.key}", *path, number)
        seen.add(entry.key)
