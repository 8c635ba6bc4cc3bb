"""Parts of a file, as a player that seeks asks for them."""

from io import BytesIO
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.http import HttpRequest
from django.test import RequestFactory

from kernel.web import ranges

SIZE = 1000


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-99", (0, 99)),
        ("bytes=900-", (900, 999)),
        ("bytes=-50", (950, 999)),
        ("bytes=-5000", (0, 999)),
        ("bytes=990-5000", (990, 999)),
        ("bytes=1000-", (1000, 999)),
        ("bytes=-0", (1000, -1)),
        ("", None),
        ("bytes=-", None),
        ("bytes=9-3", None),
        ("bytes=0-1,5-6", None),
        ("items=0-1", None),
        ("bytes=a-b", None),
        ("bytes=" + "9" * 40 + "-", None),
    ],
)
def test_a_range_is_what_of_it_is_there_or_ignored(header: str, span: tuple[int, int] | None) -> None:
    assert ranges.asked(header, SIZE) == span


def _get(content: bytes, **headers: str) -> Any:
    request: HttpRequest = RequestFactory().get("/", headers=headers)
    return ranges.respond(request, BytesIO(content), size=len(content), tag='"t"', kind="video/mp4")


def test_a_part_says_where_it_stands() -> None:
    answer = _get(b"0123456789", range="bytes=2-4")
    assert (answer.status_code, answer.content, answer["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    assert answer["Accept-Ranges"] == "bytes"


def test_what_is_not_there_is_refused_with_the_size() -> None:
    answer = _get(b"0123456789", range="bytes=10-")
    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */10")


def test_a_part_of_another_version_is_the_whole() -> None:
    assert _get(b"0123456789", range="bytes=2-4", **{"if-range": '"other"'}).content == b"0123456789"
    assert _get(b"0123456789", range="bytes=2-4", **{"if-range": '"t"'}).status_code == 206


def test_one_answer_holds_no_more_than_a_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "PIECE", 4)
    answer = _get(b"0123456789", range="bytes=1-")
    assert (answer.content, answer["Content-Range"]) == (b"1234", "bytes 1-4/10")


def test_a_large_file_goes_out_in_pieces_by_both_kinds_of_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranges, "WHOLE", 4)
    monkeypatch.setattr(ranges, "PIECE", 12)
    answer = _get(b"0123456789")
    assert list(answer.streaming_content) == [b"012", b"345", b"678", b"9"]
    assert answer["Content-Length"] == "10"
    request = RequestFactory().get("/")
    request.scope = {}  # type: ignore[attr-defined]  # as under ASGI
    answer = ranges.respond(request, BytesIO(b"0123456789"), size=10, tag='"t"', kind="video/mp4")

    async def read() -> list[bytes]:
        return [piece async for piece in answer]

    assert async_to_sync(read)() == [b"012", b"345", b"678", b"9"]
