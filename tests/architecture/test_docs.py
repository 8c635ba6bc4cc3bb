"""What the docs name exists: files, modules with their names, pages linked; decisions are numbered without gaps."""

import builtins
import importlib
import re
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
CODE = (ROOT / "platform", ROOT / "tenants", ROOT / "infra")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "findings").rglob("*.md")])
FILE = re.compile(r"`((?:platform|tenants|infra|tests|frontend|docs|findings|locale)/[^`\s:*…<{]+)")
PLATFORM_FILE = re.compile(r"`((?:config|kernel|shared)/[^`\s:*…<{]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)")
NUMBERED = re.compile(r"\w\.md,? §")
SOURCES = (".py", ".toml")
CODE_NAME = re.compile(r"`([^`]+)`")
NAME = re.compile(r"`((?:kernel|shared|tenants|config|infra)(?:\.\w+)+)`")


def dead(text: str, page: Path) -> list[str]:
    """Return what a page's text names and is not there."""
    files = [m for m in FILE.findall(text) if not (ROOT / m).exists() and not (ROOT / f"{m}.py").exists()]
    files += [m for m in PLATFORM_FILE.findall(text) if not (ROOT / "platform" / m).exists()]
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
        " `kernel/hooks.py` `config/none.py`"
    )
    assert dead(text, ROOT / "docs" / "page.md") == ["docs/none.md", "config/none.py", "no.md", "shared.policy.nothing"]


def test_no_source_and_no_page_points_at_a_paragraph_by_number() -> None:
    """Pages have headings: a number of a paragraph goes wrong unseen, and so does a page that is not here."""
    sources = [path for base in (*CODE, ROOT / "tests") for path in base.rglob("*") if path.suffix in SOURCES]
    numbered = {str(path.relative_to(ROOT)) for path in [*sources, *PAGES] if NUMBERED.search(path.read_text("utf-8"))}
    assert numbered == set()
    assert NUMBERED.search("as architecture.md " + "§5 says")


def test_the_glossary_names_each_thing_where_it_is() -> None:
    """A table by its label, a class by a name that only one class has, any other word as the code writes it."""
    sources = [path.read_text(encoding="utf-8") for base in CODE for path in base.rglob("*") if path.suffix in SOURCES]
    classes = Counter(name for source in sources for name in re.findall(r"^class (\w+)", source, re.MULTILINE))
    words = {word for source in sources for word in re.findall(r"[\w-]+", source)}
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    named = [name for line in lines if line.startswith("| ") for name in CODE_NAME.findall(line.split(" | ")[2])]
    wrong = [name for name in named if not _is_named(name, classes, words)]
    assert len(named) > 40
    assert wrong == []


def _is_named(name: str, classes: Counter[str], words: set[str]) -> bool:
    app, _dot, table = name.partition(".")
    if re.fullmatch(r"[a-z_]+\.[A-Z]\w+", name):
        return table.lower() in apps.all_models.get(app, {})
    if re.fullmatch(r"(?:[A-Z][a-z]+)+", name):
        return classes[name] == 1
    return bool(NAME.fullmatch(f"`{name}`")) or set(re.findall(r"[\w-]+", name)) <= words


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
