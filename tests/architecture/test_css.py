"""Style sheets: one component a file, and its sizes from the tokens."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ROOT / "frontend" / "src").rglob("*.css"))
LONGEST_SHEET = 150
DECLARATION = re.compile(r"^\s+([a-z-]+):\s*([^;{}]+);", re.MULTILINE)
LENGTH = re.compile(r"(?<![\w.-])(\d*\.?\d+)(rem|px)\b")
SPACE = re.compile(r"^(gap|row-gap|column-gap|padding|margin|inset)")
EXTENT = re.compile(r"(width|height|columns|rows|basis)$")
HAIRLINE = 1
STEP = 4
# An inset or a margin as large as this is a place on the screen, not a space between things.
A_PLACE = 80


def _pixels(number: str, unit: str) -> float:
    return float(number) * (16 if unit == "rem" else 1)


def _is_loose(name: str, value: str, size: float) -> bool:
    """Whether a length should be a token, or lies beside the steps of four."""
    if size == HAIRLINE:
        return False
    if SPACE.match(name):
        return "clamp(" not in value and size < A_PLACE
    if name == "font-size":
        return "clamp(" not in value
    if name.endswith("radius"):
        return True
    if EXTENT.search(name) and not name.startswith(("border", "outline")):
        return size % STEP != 0 and size > 2 * STEP
    return False


def test_a_sheet_is_of_one_component() -> None:
    wrong = {path.name: lines for path in SHEETS if (lines := len(path.read_text().splitlines())) >= LONGEST_SHEET}
    assert wrong == {}


def test_spaces_type_and_corners_come_from_the_tokens() -> None:
    wrong = [
        f"{path.name}: {name}: {value}"
        for path in SHEETS
        if path.name != "tokens.css"
        for name, value in DECLARATION.findall(path.read_text())
        for number, unit in LENGTH.findall(value)
        if _is_loose(name, value, _pixels(number, unit))
    ]
    assert wrong == []


def test_every_token_that_is_read_is_there() -> None:
    """A misspelt custom property is no fault to a browser: the declaration is simply void."""
    text = "".join(path.read_text() for path in SHEETS)
    used = set(re.findall(r"var\((--nx-[\w-]+)\)", text))
    assert used - set(re.findall(r"(--nx-[\w-]+):", text)) == set()
