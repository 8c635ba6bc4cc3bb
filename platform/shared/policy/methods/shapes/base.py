"""What every section of a pack is made of."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any

from django.utils.translation import get_language
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _none(value: Any) -> Any:
    return None if value == "none" else value


Count = Annotated[int, Field(strict=True, ge=0)]
Positive = Annotated[int, Field(strict=True, ge=1)]
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]
Limit = Annotated[Positive | None, BeforeValidator(_none)]  # "none" in the file: deliberately without
Flag = Annotated[bool, Field(strict=True)]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$", max_length=40)]
Text = Annotated[str, Field(min_length=1)]


def told(chinese: str, english: str) -> str:
    """Return the text of the two that the active language wants."""
    return english if in_english() else chinese


def in_english() -> bool:
    """Say whether the active language is English; nothing active means Chinese."""
    return (get_language() or "zh").startswith("en")


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
        return told(self.name, self.name_en)

    def __str__(self) -> str:
        """Return the name in the active language."""
        return self.label


def distinct(entries: Iterable[Any], what: str) -> None:
    """Refuse two entries of the same key."""
    twice = [key for key, times in Counter(entry.key for entry in entries).items() if times > 1]
    if twice:
        raise ValueError(f"{what} named twice: {', '.join(twice)}")
