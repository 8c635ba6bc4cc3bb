"""Every word that a person can see is said in Chinese and in English, and nothing is kept that nobody says."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import django
import pytest
from babel.messages.catalog import Catalog
from django.apps import apps
from django.template.base import Lexer, TokenType

from infra.stack import messages
from support.translations import TEMPLATES, MessageKey, as_python, messages_in, messages_in_use, python_files

ROOT = Path(__file__).resolve().parents[2]
PARTS = sorted((ROOT / "locale" / "zh_Hans" / "parts").glob("*.po"))
CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff00-\uffef]")
LETTERS = re.compile(r"[A-Za-z]{2,}")
# Said the same way in both languages; so is what has no words but its placeholders'.
SAME_IN_BOTH = {"PDF", "CSV", "Excel"}

DJANGO_FORMS = ("forms/fields.py", "forms/models.py", "core/validators.py")
# What none of our forms can say: they have no such fields, formsets or settings.
NEVER_SAID = re.compile(
    r"duplicate|inline value|slug|protocol|IPv|domain name|image|clear checkbox|step size|number of days|separated by"
    r"|File extension|is not a valid value|^and$|Ensure this value is %\(limit_value\)s \("
)


def _django_form_messages() -> Iterator[tuple[int, MessageKey]]:
    folder = Path(django.__file__).parent
    return (found for name in DJANGO_FORMS for found in messages_in((folder / name).read_bytes()))


@cache
def package_messages() -> set[str]:
    """Messages of the packages whose pages people meet: we may translate them where they do not."""
    ids = set()
    for _line, (words, _context) in _django_form_messages():
        ids.add(words if isinstance(words, str) else words[0])
    for name in ("allauth", "django_filters", "django_tables2", "django.contrib.auth"):
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        folder = Path(spec.origin).parent
        sources = [p.read_bytes() for p in python_files(folder)]
        sources += [as_python(p.read_text()) for p in folder.rglob("templates/**/*") if p.suffix in (".html", ".txt")]
        for source in sources:
            for _line, (words, _context) in messages_in(source):
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


def test_no_form_says_a_sentence_of_django_s_in_chinese() -> None:
    """Django's own Chinese reads as a machine's; a sentence that a form of ours can say is said in ours."""
    sentences = {key[0] for _line, key in _django_form_messages()}
    lacking = [
        words
        for words in sorted(sentences, key=str)
        if not NEVER_SAID.search(str(words)) and not CHINESE.search(_translation((words, None)))
    ]
    assert lacking == []


def test_no_word_is_said_within_an_f_string() -> None:
    """What extracts words does not look there: such words stay English on a Chinese page."""
    said = re.compile(r"\{[^{}]*(?<!\w)(?:_|n?p?gettext(?:_lazy)?)\(['\"]")
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted(python_files(ROOT / "platform", ROOT / "tenants", ROOT / "infra"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"\bf['\"]", line) and said.search(line)
    ]
    assert wrong == []


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


def _is_lazy(node: ast.AST, lazy: set[str]) -> bool:
    calls = (part for part in ast.walk(node) if isinstance(part, ast.Call))
    return any(isinstance(call.func, ast.Name) and call.func.id in lazy for call in calls)


def _decided_at_import(tree: ast.Module) -> list[int]:
    """Return the lines outside functions where words are put together: % or + makes a lazy text one of today's."""
    imports = (part for part in ast.walk(tree) if isinstance(part, ast.ImportFrom))
    lazy = {
        name.asname or name.name
        for part in imports
        if part.module == "django.utils.translation"
        for name in part.names
        if name.name.endswith("lazy")
    }
    lines, todo = [], list(tree.body)
    while todo:
        node: ast.AST = todo.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        joins = isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mod, ast.Add))
        if (joins or isinstance(node, ast.JoinedStr)) and _is_lazy(node, lazy):
            lines.append(getattr(node, "lineno", 0))
        todo += ast.iter_child_nodes(node)
    return lines


def test_no_words_are_put_together_while_a_module_is_imported() -> None:
    """They would stand in the language of that moment on every page afterwards; format_lazy waits for the reader."""
    planted = "from django.utils.translation import gettext_lazy as _\nCHOICES = [_('%(n)s stars') % {'n': 2}]\n"
    assert _decided_at_import(ast.parse(planted)) == [2]
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for folder in ("platform", "tenants")
        for path in (ROOT / folder).rglob("*.py")
        for line in _decided_at_import(ast.parse(path.read_text()))
    ]
    assert wrong == []
