"""What a browser would send for the forms of the law."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.template.loader import render_to_string

from shared.lawbook.methods.outline import Spec
from shared.lawbook.methods.sheet import documents_of, sheet


def _form_of(page: str) -> QueryDict:
    """Return what a browser would send for the form of a section, untouched."""
    soup = BeautifulSoup(page, "html.parser")
    form = soup.select_one("form.nx-section-form") or soup
    post = QueryDict(mutable=True)
    for field in form.select("input[name], select[name], textarea[name]"):
        name, value = str(field["name"]), str(field.get("value", ""))
        if field.name == "textarea":
            value = field.get_text()
        elif field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            value = str(chosen.get("value", chosen.get_text())) if chosen else ""
        elif field.get("type") == "checkbox" and not field.has_attr("checked"):
            continue
        post.appendlist(name, value or ("on" if field.get("type") == "checkbox" else ""))
    return post


@pytest.fixture
def form_of() -> Callable[[str], QueryDict]:
    """Return what a browser would send for the form of a page that nobody touched."""
    return _form_of


@pytest.fixture
def filled() -> Callable[[Spec, Any], QueryDict]:
    """Return what a browser would send for a section of a body that nobody touched."""

    def make(spec: Spec, body: Any) -> QueryDict:
        documents = [(key, document.number) for key, document in documents_of(body).items()]
        shown = {"cell": sheet(spec, body), "inside": False, "document_choices": documents, "changed": set()}
        return _form_of(render_to_string("lawbook/parts/desk_cell.html", shown))

    return make
