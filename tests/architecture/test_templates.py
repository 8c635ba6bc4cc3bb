"""Templates: nothing that the content security policy forbids, fragments where one looks for them, lines to be read."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES_ROOT = ROOT / "frontend" / "templates"
TEMPLATES = sorted(TEMPLATES_ROOT.rglob("*.html"))
COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}|<!--.*?-->", re.DOTALL)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style\b|\sstyle=", re.IGNORECASE)
HANDLER = re.compile(r"\son(click|change|submit|load|input|key\w+|mouse\w+)=|href=\"javascript:", re.IGNORECASE)
LONGEST_LINE = 140
FRAGMENTS = {"parts", "components"}
NAMED = re.compile(r"[\"']([\w./-]+\.html)[\"']")


def _read(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 20


def test_no_template_holds_inline_script_style_or_handlers() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {match.group(0)!r}"
        for path in TEMPLATES
        for pattern in (INLINE_SCRIPT, INLINE_STYLE, HANDLER)
        for match in pattern.finditer(_read(path))
    ]
    assert wrong == []


def test_every_form_that_posts_carries_the_csrf_token() -> None:
    form = re.compile(r"<form\b[^>]*method=\"post\".*?</form>", re.IGNORECASE | re.DOTALL)
    wrong = [
        str(path.relative_to(ROOT))
        for path in TEMPLATES
        for match in form.finditer(_read(path))
        if "csrf_token" not in match.group(0) and "{% crispy" not in match.group(0)
    ]
    assert wrong == []


def _is_page(source: str) -> bool:
    """Whether a template is a whole page: it extends one, or is the root of all."""
    return "{% extends" in source or "<!doctype html>" in source.lower()


def test_a_fragment_lies_in_a_folder_for_fragments() -> None:
    """A part of one app's pages in its parts/, one for all in components/; allauth looks for its own by name."""
    wrong = [
        str(path.relative_to(TEMPLATES_ROOT))
        for path in TEMPLATES
        if not _is_page(_read(path)) and not FRAGMENTS & {*path.relative_to(TEMPLATES_ROOT).parts[:-1]}
        if path.relative_to(TEMPLATES_ROOT).parts[0] != "allauth"
    ]
    assert wrong == []


def test_every_template_that_another_names_is_there() -> None:
    """An include of what was moved would fail only where its branch is shown."""
    theirs = {"account", "allauth", "mfa", "django_tables2"}
    ours = {path.relative_to(TEMPLATES_ROOT).parts[0] for path in TEMPLATES if path.parent != TEMPLATES_ROOT} - theirs
    wrong = [
        f"{path.relative_to(TEMPLATES_ROOT)}: {name}"
        for path in TEMPLATES
        for name in NAMED.findall(_read(path))
        if name.split("/")[0] in ours and not (TEMPLATES_ROOT / name).exists()
    ]
    assert wrong == []


def test_no_template_has_a_line_too_long_to_read() -> None:
    texts = sorted(TEMPLATES_ROOT.rglob("*.txt"))
    wrong = [
        f"{path.relative_to(TEMPLATES_ROOT)}:{number}: {len(line)}"
        for path in (*TEMPLATES, *texts)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]
    assert wrong == []


def test_a_text_of_several_lines_is_trimmed() -> None:
    """Else its line breaks and its indent would be part of what translators look up, and of what people read."""
    words = re.compile(r"({%\s*blocktranslate\b.*?%})(.*?){%\s*endblocktranslate", re.DOTALL)
    wrong = [
        f"{path.relative_to(TEMPLATES_ROOT)}: {head}"
        for path in sorted(TEMPLATES_ROOT.rglob("*.*"))
        for head, body in words.findall(path.read_text())
        if "\n" in body and " trimmed " not in head
    ]
    assert wrong == []
