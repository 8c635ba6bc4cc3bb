"""What the docs name exists: files, modules with their names, pages linked; decisions are numbered without gaps."""

import builtins
import importlib
import re
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
CODE = (ROOT / "platform", ROOT / "tenants", ROOT / "infra")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "findings").rglob("*.md")])
FILE = re.compile(r"`((?:platform|tenants|infra|tests|frontend|docs|findings|locale)/[^`\s:*…<{]+)")
LINK = re.compile(r"\]\(([^)#\s]+)")
NAME = re.compile(r"`((?:kernel|shared|tenants|config|infra)(?:\.\w+)+)`")


def dead(text: str, page: Path) -> list[str]:
    """Return what a page's text names and is not there."""
    files = [m for m in FILE.findall(text) if not (ROOT / m).exists() and not (ROOT / f"{m}.py").exists()]
    links = [m for m in LINK.findall(text) if ":" not in m and not (page.parent / m).exists()]
    return [*files, *links, *(m for m in NAME.findall(text) if not _is_there(m))]


def _is_there(name: str) -> bool:
    if len(parts := name.split(".")) == 2 and parts[1] in apps.all_models.get(parts[0], {}):
        return True  # a table by its label
    for n in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:n]))
        except ModuleNotFoundError:
            continue
        return all((found := getattr(found, attribute, None)) is not None for attribute in parts[n:])
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_is_there(page: Path) -> None:
    assert dead(page.read_text(encoding="utf-8"), page) == []


def test_a_name_that_is_not_there_is_found() -> None:
    text = (
        "`shared.policy.operations.caps.enter_cap` `shared.policy.nothing` `docs/none.md` [a](glossary.md) [b](no.md)"
    )
    assert dead(text, ROOT / "docs" / "page.md") == ["docs/none.md", "no.md", "shared.policy.nothing"]


def test_decisions_are_numbered_without_gaps() -> None:
    names = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [name[:5] for name in names] == [f"{n:04d}-" for n in range(1, len(names) + 1)]
    for n, name in enumerate(names, 1):
        assert (ROOT / "docs" / "decisions" / name).read_text(encoding="utf-8").startswith(f"# {n}. ")


def test_a_docstring_names_only_refusals_that_exist() -> None:
    """Docstrings say in brackets what they refuse: "refuses (SeatTaken)"."""
    sources = [path.read_text(encoding="utf-8") for base in CODE for path in base.rglob("*.py")]
    classes = {name for source in sources for name in re.findall(r"^\s*class (\w+)", source, re.MULTILINE)}
    named = {name for source in sources for name in re.findall(r"[Rr]efuses \(([A-Z][a-z]+[A-Z]\w+)\)", source)}
    assert named - classes - set(dir(builtins)) - {"CommandError"} == set()
