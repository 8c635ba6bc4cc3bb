"""A small sound bank, made of words."""

from typing import Any

import pytest

from shared.bank.methods.items import ItemDraft, PartDraft

PARTS = (("a", "single"), ("b", "single"), ("c", "multiple"), ("d", "judgement"))
OPTIONS = {
    "single": ("one", "two", "three", "four"),
    "multiple": ("one", "two", "three", "four", "five"),
    "judgement": (),
}
KEYS = {"single": "B", "multiple": "ACE", "judgement": "F"}


def draft(kind: str, number: int, block: str = "laws", /, **changed: Any) -> ItemDraft:
    """Return one sound item."""
    parts = (
        tuple(PartDraft(c, k, f"part {c} of {number}", KEYS[k], OPTIONS[k]) for c, k in PARTS) if kind == "case" else ()
    )
    values = {
        "code": f"T-{kind[0].upper()}-{number:03d}",
        "position": "SGY-TJ",
        "block": block,
        "block_name": block.title(),
        "kind": kind,
        "stem": f"Question {kind} {number}",
        "key": KEYS.get(kind, ""),
        "options": OPTIONS.get(kind, ()),
        "parts": parts,
    }
    return ItemDraft(**(values | changed))  # type: ignore[arg-type]


def bank(single: int = 80, multiple: int = 30, judgement: int = 40, case: int = 15) -> list[ItemDraft]:
    """Return items spread over five blocks."""
    counts = {"single": single, "multiple": multiple, "judgement": judgement, "case": case}
    return [draft(kind, n, f"block-{n % 5}") for kind, count in counts.items() for n in range(count)]


@pytest.fixture
def make_draft() -> Any:
    """Make one sound item; anything can be changed."""
    return draft


@pytest.fixture
def make_bank() -> Any:
    """Make the items of a whole bank."""
    return bank
