"""`python -m infra.stack.messages`: one Chinese catalogue from the parts, for Django (.mo) and for TypeScript (.json).

A bare Debian has no msgfmt, so babel does it. Every app has its own part, locale/zh_Hans/parts/<app>.po; two parts may
repeat a message, but not disagree on it.
"""

import json
import re
import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, PoFileParser

from infra.stack.paths import ROOT

LOCALE = "zh_Hans"
MessageId = str | tuple[str, ...] | list[str]
LINE = re.compile(r'(#.*)?|((msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d+\])\s+)?"(?:[^"\\]|\\.)*"')
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdf]|(?<!%)%[sd]")


class CatalogueError(Exception):
    """The parts cannot become one catalogue; the words name the files and the message."""


class _Part(Catalog):
    """A catalogue that notices a message given twice; babel would quietly keep the first."""

    def __init__(self) -> None:
        super().__init__(locale=LOCALE, domain="django", charset="utf-8")
        self.conflicts: list[Message] = []

    def __setitem__(self, id: MessageId, message: Message) -> None:  # noqa: A002 - babel's name
        earlier = self.get(message.id, message.context) if message.id else None
        if earlier is not None and earlier.string != message.string:
            self.conflicts.append(message)
        super().__setitem__(id, message)


def parts(root: Path) -> list[Path]:
    """The .po files to merge: whatever lies in the catalogue's own folder, then the parts by name."""
    folder = root / "locale" / LOCALE
    return [*sorted((folder / "LC_MESSAGES").glob("*.po")), *sorted((folder / "parts").glob("*.po"))]


def merge(files: Iterable[Path]) -> Catalog:
    """One catalogue of all files. Refuses two translations of one message, a placeholder that the English has not, and
    a file that is no PO file."""
    merged = Catalog(locale=LOCALE, domain="django", charset="utf-8")
    came_from: dict[tuple[str, str | None], Path] = {}
    wrong = []
    for path in files:
        part = _read(path)
        wrong += [f"{_quoted_id(message)} stands twice in {path}, with two translations" for message in part.conflicts]
        for message in part:
            key = (_quoted_id(message), message.context)
            if not message.id or not _translated(message):
                continue
            earlier = merged.get(message.id, message.context)
            if earlier is not None and earlier.string != message.string:
                wrong.append(
                    f"{_quoted_id(message)} is {earlier.string!r} in {came_from[key]} and {message.string!r} in {path}"
                )
                continue
            if strange := _unknown_placeholders(message):
                wrong.append(f"{_quoted_id(message)} in {path} has {', '.join(strange)}, which the English has not")
                continue
            merged.add(message.id, message.string, context=message.context, flags=message.flags)
            came_from[key] = path
    if wrong:
        raise CatalogueError("\n".join(wrong))
    return merged


def _read(path: Path) -> _Part:
    part = _Part()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        # babel forgives a missing or a stray quotation mark, and mangles the message
        wrong = [number for number, line in enumerate(lines, 1) if not LINE.fullmatch(line.strip())]
        if wrong:
            raise CatalogueError(f"{path}:{wrong[0]} is no line of a PO file")
        PoFileParser(part, abort_invalid=True).parse(lines)
    except (PoFileError, ValueError) as error:
        raise CatalogueError(f"{path} is not a PO file that can be read: {error}") from error
    return part


def _translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(strings) and not message.fuzzy


def _quoted_id(message: Message) -> str:
    return repr(message.id[0] if isinstance(message.id, tuple | list) else message.id)


def _unknown_placeholders(message: Message) -> list[str]:
    """A name that the English does not fill would be a crash on the page, in Chinese only."""
    ids = message.id if isinstance(message.id, tuple | list) else [message.id]
    strings = message.string if isinstance(message.string, tuple | list) else [message.string or ""]
    in_english = {match.group(0) for text in ids for match in PLACEHOLDER.finditer(text)}
    in_chinese = {match.group(0) for text in strings for match in PLACEHOLDER.finditer(text)}
    return sorted(in_chinese - in_english)


def for_typescript(catalog: Catalog) -> dict[str, str]:
    """The plain messages by their English; Vite keeps of them what the scripts say."""
    return {
        message.id: message.string
        for message in catalog
        if message.id and not message.context and isinstance(message.id, str) and isinstance(message.string, str)
    }


def build(root: Path) -> str:
    """Write both catalogues where they differ from what is there; says what they hold."""
    files = parts(root)
    catalog = merge(files)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    _write(root / "locale" / LOCALE / "LC_MESSAGES" / "django.mo", compiled.getvalue())
    typescript = json.dumps(for_typescript(catalog), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    _write(root / "frontend" / "src" / "locale" / "zh-Hans.json", typescript.encode())
    return f"{len(catalog)} messages from {len(files)} files"


def _write(path: Path, content: bytes) -> None:
    """Leave an unchanged file alone, so that nothing is built again for it."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def main() -> int:
    """Build, and say what was built; on a disagreement say which, with status 1."""
    try:
        print(build(ROOT))
    except CatalogueError as error:
        print(f"The Chinese catalogue cannot be made:\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
