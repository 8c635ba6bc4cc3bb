"""Words of ours with the places where they are said: in Python, in templates and in TypeScript."""

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(p for p in (ROOT / "frontend" / "templates").rglob("*") if p.suffix in (".html", ".txt"))
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SAYS_IN_TYPESCRIPT = re.compile(r'\bt\(\s*("(?:[^"\\]|\\.)*")')
STRING = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
CALL = re.compile(rf"\b(?:n|p|np)?gettext\((?:{STRING}|[^()'\"])*\)|\b_\({STRING}\)")

MessageKey = tuple[str | tuple[str, str], str | None]


def messages_in(source: bytes) -> Iterator[tuple[int, MessageKey]]:
    for line, words, _comments, context in extract("python", BytesIO(source), keywords=KEYWORDS):
        forms = tuple(words) if isinstance(words, tuple | list) else words
        yield line, (forms[-1] if isinstance(forms, tuple) and context and len(forms) == 1 else forms, context)


def as_python(template: str) -> bytes:
    """The words of a template as a list of gettext calls, one line per line of the template."""
    lines = (" ".join(f"{call}," for call in CALL.findall(line)) for line in templatize(template).splitlines())
    return ("# coding: utf-8\n[\n" + "\n".join(lines) + "\n]").encode()


def python_files(*folders: Path) -> Iterator[Path]:
    return (p for folder in folders for p in folder.rglob("*.py") if "migrations" not in p.parts)


def _said() -> Iterator[tuple[MessageKey, str, int]]:
    """Yield every message with the file and the line where it is said."""
    for path in sorted(python_files(ROOT / "platform", ROOT / "tenants", ROOT / "infra")):
        for line, key in messages_in(path.read_bytes()):
            yield key, str(path.relative_to(ROOT)), line
    for path in TEMPLATES:
        for line, key in messages_in(as_python(path.read_text())):
            yield key, str(path.relative_to(ROOT)), line - 2
    for path in sorted((ROOT / "frontend" / "src").rglob("*.ts")):
        if path.name.endswith(".test.ts"):
            continue
        source = path.read_text()
        for match in SAYS_IN_TYPESCRIPT.finditer(source):
            line = source.count("\n", 0, match.start()) + 1
            yield (match[1][1:-1].replace('\\"', '"'), None), str(path.relative_to(ROOT)), line


@cache
def messages_in_use() -> dict[MessageKey, str]:
    """Everything that Python, templates and TypeScript of ours say, with the place where it is first said."""
    places: dict[MessageKey, str] = {}
    for key, path, line in _said():
        places.setdefault(key, f"{path}:{line}")
    return places


def _app(path: str) -> str:
    parts = path.split("/")
    if parts[0] == "platform" and parts[1] == "shared":
        return parts[2]
    if parts[:2] == ["frontend", "templates"]:
        return parts[2]
    return parts[1] if parts[0] in ("platform", "tenants") else parts[0]


@cache
def files_that_say() -> dict[str, set[str]]:
    """Return each message without a context with the files that say it."""
    found: dict[str, set[str]] = {}
    for (words, context), path, _line in _said():
        if context is None and isinstance(words, str):
            found.setdefault(words, set()).add(path)
    return found


def apps_that_say() -> dict[str, set[str]]:
    """Return each message without a context with the apps that say it."""
    return {words: {_app(path) for path in files} for words, files in files_that_say().items()}
