"""What a request may hold at all: no control character anywhere, no number that is none."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from kernel.web.bodies import DEEPEST, UnreadableText, raw, read_json, require_text

MAKE = RequestFactory()
JSON = "application/json"
URLENCODED = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "request_",
    [
        MAKE.get("/verify/%00/"),
        MAKE.get("/", {"q": "a\0b"}),
        MAKE.get("/?a%00b=1"),
        MAKE.post("/", {"what": "a\0b"}),
        MAKE.post("/", "what=a%00b", content_type="application/x-www-form-urlencoded"),
        MAKE.post("/", rb'{"why": "a\u0000b"}', content_type=JSON),
        MAKE.put("/", rb'{"why": "a\\\u0000b"}', content_type="application/problem+json"),
        MAKE.post("/", '{"why": ""}'.encode("utf-16"), content_type=JSON),
        MAKE.get("/verify/%1b/"),
        MAKE.get("/verify/%0a/"),
        MAKE.get("/?q=a%7Fb"),
        MAKE.get("/?q=%1F"),
        MAKE.post("/", "what=a%1Bb", content_type=URLENCODED),
        MAKE.post("/", {"a\x0bb": "1"}),
        MAKE.post("/", rb'{"why": "a\u001bb"}', content_type=JSON),
        MAKE.post("/", rb'{"why": "a\bb"}', content_type=JSON),
        MAKE.get("/?q=%2BAAA-", CONTENT_TYPE="text/html; charset=utf-7"),
        MAKE.post("/", {"what": SimpleUploadedFile("a.pdf", b"\0\x1b"), "note": "a\x1bb"}),
    ],
)
def test_a_control_character_in_the_path_the_query_the_form_or_the_json_is_refused(request_: Any) -> None:
    with pytest.raises(UnreadableText):
        require_text(request_)


@pytest.mark.parametrize(
    "request_",
    [
        MAKE.get("/verify/ab/", {"q": "停电"}),
        MAKE.post("/", {"what": "停电"}),
        MAKE.post("/", rb'{"why": "a\\u0000b"}', content_type=JSON),
        MAKE.post("/", b"", content_type=JSON),
        MAKE.get("/", {"q": "50%"}),
        MAKE.get("/?q=%2500"),
        MAKE.post("/", {"what": "one\r\ntwo\tthree"}),
        MAKE.post("/", "what=one%0D%0Atwo%09three", content_type=URLENCODED),
        MAKE.post("/", rb'{"why": "one\r\ntwo\tthree\\b"}', content_type=JSON),
        MAKE.post("/", {"what": SimpleUploadedFile("a.pdf", b"\0\x1b")}),
    ],
)
def test_what_only_looks_like_a_control_character_is_served(request_: Any) -> None:
    require_text(request_)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_a_number_that_is_none_is_no_json(number: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        read_json(f'{{"minutes": [{number}]}}')


@pytest.mark.parametrize(
    "text",
    [
        r'"\ud800"', "[" * 100_000, "", "{", r'"\u0000"', r'"\u001b"', r'"\b"', "9" * 30,
        "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
    ],
)  # fmt: skip
def test_what_no_row_can_hold_is_no_json(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # each says its own
        read_json(text)


def test_json_is_read_as_it_stands() -> None:
    assert read_json("[" * DEEPEST + "]" * DEEPEST) is not None
    assert read_json(r'"one\r\ntwo\tthree\\b"') == "one\r\ntwo\tthree\\b"
    assert read_json(rb'{"a": [1, 2.5, "\ud83d\ude00", null]}') == {"a": [1, 2.5, "\U0001f600", None]}


def test_the_body_of_a_form_that_was_read_is_no_body_to_whoever_asks_for_it_raw() -> None:
    form, json = MAKE.post("/", {"what": "a"}), MAKE.post("/", b"{}", content_type=JSON)
    require_text(form)
    require_text(json)
    assert (raw(form), raw(json)) == (b"", b"{}")
