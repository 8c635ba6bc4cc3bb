"""Templates hold nothing that the content security policy forbids."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "frontend" / "templates").rglob("*.html"))
COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}|<!--.*?-->", re.DOTALL)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style\b|\sstyle=", re.IGNORECASE)
HANDLER = re.compile(r"\son(click|change|submit|load|input|key\w+|mouse\w+)=|href=\"javascript:", re.IGNORECASE)


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
