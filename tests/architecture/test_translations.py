"""Every word that a person can see is said in Chinese and in English, and nothing is kept that nobody says."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.apps import apps
from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

from infra.stack import messages

ROOT = Path(__file__).resolve().parents[2]
PARTS = sorted((ROOT / "locale" / "zh_Hans" / "parts").glob("*.po"))
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
CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]")
STRING = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
CALL = re.compile(rf"\b(?:n|p|np)?gettext\((?:{STRING}|[^()'\"])*\)|\b_\({STRING}\)")
LETTERS = re.compile(r"[A-Za-z]{2,}")
# Said the same way in both languages; so is what has no words but its placeholders'.
SAME_IN_BOTH = {"PDF", "CSV", "Excel"}

MessageKey = tuple[str | tuple[str, str], str | None]


def _messages_in(source: bytes) -> Iterator[tuple[int, MessageKey]]:
    for line, words, _comments, context in extract("python", BytesIO(source), keywords=KEYWORDS):
        forms = tuple(words) if isinstance(words, tuple | list) else words
        yield line, (forms[-1] if isinstance(forms, tuple) and context and len(forms) == 1 else forms, context)


def _as_python(template: str) -> bytes:
    """The words of a template as a list of gettext calls, one line per line of the template."""
    lines = (" ".join(f"{call}," for call in CALL.findall(line)) for line in templatize(template).splitlines())
    return ("# coding: utf-8\n[\n" + "\n".join(lines) + "\n]").encode()


def _python_files(*folders: Path) -> Iterator[Path]:
    return (p for folder in folders for p in folder.rglob("*.py") if "migrations" not in p.parts)


@cache
def messages_in_use() -> dict[MessageKey, str]:
    """Everything that Python, templates and TypeScript of ours say, with the place where it is first said."""
    places: dict[MessageKey, str] = {}
    for path in sorted(_python_files(ROOT / "platform", ROOT / "tenants", ROOT / "infra")):
        for line, key in _messages_in(path.read_bytes()):
            places.setdefault(key, f"{path.relative_to(ROOT)}:{line}")
    for path in TEMPLATES:
        for line, key in _messages_in(_as_python(path.read_text())):
            places.setdefault(key, f"{path.relative_to(ROOT)}:{line - 2}")
    for path in sorted((ROOT / "frontend" / "src").rglob("*.ts")):
        if path.name.endswith(".test.ts"):
            continue
        for match in SAYS_IN_TYPESCRIPT.finditer(path.read_text()):
            places.setdefault((match[1][1:-1].replace('\\"', '"'), None), str(path.relative_to(ROOT)))
    return places


@cache
def package_messages() -> set[str]:
    """Messages of the packages whose pages people meet: we may translate them where they do not."""
    ids = set()
    for name in ("allauth", "django_filters", "django_tables2", "django.contrib.auth"):
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        folder = Path(spec.origin).parent
        sources = [p.read_bytes() for p in _python_files(folder)]
        sources += [_as_python(p.read_text()) for p in folder.rglob("templates/**/*") if p.suffix in (".html", ".txt")]
        for source in sources:
            for _line, (words, _context) in _messages_in(source):
                ids.add(words if isinstance(words, str) else words[0])
    return ids


def _key(words: str | tuple[str, ...] | list[str], context: str | None) -> MessageKey:
    return (words if isinstance(words, str) else (words[0], words[1]), context)


@cache
def chinese() -> Catalog:
    """The merged catalogue; merging itself refuses contradictions and placeholders that the English has not."""
    return messages.merge(messages.parts(ROOT))


def _translation(key: MessageKey) -> str:
    words, context = key
    # A plural's Chinese is found by its singular, and so is a singular that elsewhere has a plural.
    message = chinese().get(words if isinstance(words, str) else words[0], context)
    string = message.string if message else ""
    return string if isinstance(string, str) else (string[0] if string else "")


def test_the_words_are_found_at_all() -> None:
    assert len(messages_in_use()) > 500
    assert ("Sign in", None) in messages_in_use()
    assert ("Seat map", None) in messages_in_use()


def test_everything_that_is_said_is_said_in_chinese() -> None:
    unsaid = [
        f"{place}: {words!r}"
        for (words, context), place in messages_in_use().items()
        if words not in SAME_IN_BOTH and LETTERS.search(messages.PLACEHOLDER.sub("", str(words)))
        if not CHINESE.search(_translation((words, context)))
    ]
    assert unsaid == []


def test_a_part_is_named_after_the_app_that_says_it() -> None:
    labels = {config.label for config in apps.get_app_configs()}
    assert {path.stem for path in PARTS} - labels == {"config", "frontend", "passkeys"}


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_a_part_keeps_no_words_that_nobody_says(path: Path) -> None:
    ours = messages_in_use()
    singular = {words if isinstance(words, str) else words[0] for words, _context in ours}
    dead = [
        message.id
        for message in messages._read(path)
        if message.id
        and _key(message.id, message.context) not in ours
        and (message.context or message.id not in singular)
        and (message.id if isinstance(message.id, str) else message.id[0]) not in package_messages()
    ]
    assert dead == []


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_the_chinese_has_the_placeholders_of_the_english(path: Path) -> None:
    """A plural may say its number in words; everything else keeps every placeholder."""
    wrong = []
    for message in messages._read(path):
        if not message.id:
            continue
        english = message.id if isinstance(message.id, str) else message.id[1]
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        expected = {match.group(0) for match in messages.PLACEHOLDER.finditer(english)}
        for string in strings:
            if {match.group(0) for match in messages.PLACEHOLDER.finditer(string)} != expected:
                wrong.append(message.id)
    assert wrong == []


def test_what_the_sources_say_is_english() -> None:
    wrong = [
        f"{place}: {words!r}" for (words, _context), place in messages_in_use().items() if CHINESE.search(str(words))
    ]
    assert wrong == []


TAG = re.compile(r"<!--.*?-->|<(?:script|style|svg|code)\b.*?</(?:script|style|svg|code)>|<[^>]*>", re.DOTALL)
SEEN = re.compile(r"\s(?:aria-label|title|placeholder|alt|data-nx-confirm(?:-detail|-ok)?)=\"([^\"]*)\"")
# Words of no language: names of formats, of ourselves, and the other language's own name.
BARE = re.compile(r"English|中文|SHA-256|PDF|CSV|Excel|API|nx-[a-z-]+(?: nx-[a-z-]+)*")


def _bare(template: str) -> Iterator[str]:
    """Yield the text of a template outside of its translations."""
    text, hidden = [], 0
    for token in Lexer(template).tokenize():
        words = token.contents.split() if token.token_type == TokenType.BLOCK else []
        first = words[0] if words else ""
        if first in ("comment", "blocktranslate", "blocktrans"):
            hidden += 1
        elif first in ("endcomment", "endblocktranslate", "endblocktrans"):
            hidden -= 1
        elif token.token_type == TokenType.TEXT and not hidden:
            text.append(token.contents)
        elif not hidden:
            text.append("\0")
    page = "".join(text)
    for match in SEEN.finditer(page):
        yield from match[1].split("\0")
    yield from re.split(r"\0|\n", TAG.sub("\n", page))


def test_a_template_says_nothing_outside_its_translations() -> None:
    bare = [
        f"{path.relative_to(ROOT)}: {words.strip()!r}"
        for path in TEMPLATES
        for words in _bare(path.read_text())
        if (LETTERS.search(words) or CHINESE.search(words)) and not BARE.fullmatch(words.strip())
    ]
    assert bare == []
