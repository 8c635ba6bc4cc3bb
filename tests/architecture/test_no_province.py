"""The product names no province: whatever is a province's own comes from its pack and its list of authorities."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from shared.policy.methods.files import SHIPPED, files_in, read_files

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = {
    "platform": ("*.py",),
    "tenants": ("*.py",),
    "frontend/templates": ("*.html", "*.txt", "*.xml"),
    "frontend/src": ("*.ts", "*.css"),
    "locale": ("*.po",),
    "infra/fakes": ("*.py",),
    "infra/stack": ("*.py",),
    "infra/walk": ("*.py",),
    "infra/deploy": ("*",),
}


def _files() -> Iterator[Path]:
    for folder, patterns in PRODUCT.items():
        for pattern in patterns:
            yield from (
                path
                for path in sorted((ROOT / folder).rglob(pattern))
                if path.is_file() and "migrations" not in path.parts and path.suffix != ".md"
            )


@cache
def _names() -> dict[str, re.Pattern[str]]:
    """Everything by which a shipped province could be named: its names, codes, cities, offices, packs and documents."""
    files = read_files(files_in(SHIPPED))
    words: set[str] = set()
    for listing in files.authorities.values():
        rows = [row for row in listing.listed() if row.level != "county"]
        words |= {row.code for row in listing.listed()} | {row.office for row in rows} | {row.office_en for row in rows}
        words |= {re.sub("(省|市|新区)$", "", row.name) for row in rows} | {row.name_en for row in rows}
        words |= {listing.enrolment_centre, listing.enrolment_centre_en}
    for reading in files.packs.values():
        words |= {reading.pack.id, reading.pack.name, *(d.number for d in reading.pack.documents)}
    words |= {"urdt.cn", "Jiangxi's", "Hubei's"}
    ours = {re.compile(rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word)) for word in words - {""}}
    return {pattern.pattern: pattern for pattern in ours}


def _named_in(text: str) -> list[str]:
    return [
        f"{number}: {line.strip()[:100]}"
        for number, line in enumerate(text.splitlines(), start=1)
        if any(pattern.search(line) for pattern in _names().values())
    ]


def test_no_code_template_or_text_of_the_product_names_a_province() -> None:
    wrong = [f"{path.relative_to(ROOT)}:{line}" for path in _files() for line in _named_in(path.read_text())]
    assert wrong == []


@pytest.mark.parametrize(
    "line",
    [
        'DEFAULT = "360000"',
        'msgstr "江西省城乡建设培训中心"',
        "<p>See the bureau of Nanchang</p>",
        "赣建培〔2020〕1号",
        "load('hubei-2021.toml')",
    ],
)
def test_a_planted_name_is_found(line: str) -> None:
    assert _named_in(f"x\n{line}\ny") == [f"2: {line}"]
