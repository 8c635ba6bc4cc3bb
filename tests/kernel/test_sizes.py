"""What is too large is refused before it is read, in words, whoever serves."""

import asyncio
from typing import Any

import pytest
from django.test import RequestFactory

from config import limits
from kernel.web.sizes import BodyTooLarge, require_size, within_limits

MAKE = RequestFactory()
KEY = "01900000-0000-7000-8000-000000000001"
JSON = {"Accept": "application/json"}


class Unreadable:
    """A body that nobody may read."""

    def read(self, *_size: int) -> bytes:
        raise AssertionError("it was read")

    readline = read


@pytest.mark.parametrize("slug", ["", "alpha"])
@pytest.mark.parametrize("path", ["/", "/api/v1/me/"])
def test_what_is_too_large_is_refused_in_words_and_nothing_of_it_is_read(
    institutions: Any, public_db: None, visit: Any, slug: str, path: str
) -> None:
    for language, words in (("zh-hans", "最多接收 1 MB"), ("en", "at most 1 MB")):
        head = {"CONTENT_LENGTH": str(limits.FORM + 1), "wsgi.input": Unreadable(), "HTTP_ACCEPT_LANGUAGE": language}
        answer = visit(slug).post(path, **head)
        assert (answer.status_code, b"body-too-large" in answer.content) == (413, True)
        assert words in answer.content.decode()


def test_an_address_for_files_takes_more_and_no_more_than_that() -> None:
    def request(path: str, size: int) -> Any:
        return MAKE.post(path, CONTENT_LENGTH=str(size))

    require_size(request(f"/commitment/{KEY}/evidence/", limits.FILE))
    require_size(request("/", limits.FORM))
    for path, size in ((f"/commitment/{KEY}/evidence/", limits.FILE), ("/", limits.FORM), ("/", 10**30)):
        with pytest.raises(BodyTooLarge):
            require_size(request(path, size + 1))


def test_the_words_are_had_by_a_server_in_front_that_read_nothing(public_db: None, visit: Any) -> None:
    answer = visit().get("/", headers={"Nuoxing-Too-Large": "1"} | JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


def _serve(*chunks: bytes, headers: list[tuple[bytes, bytes]]) -> tuple[list[dict[str, Any]], int]:
    """Send chunks to a guarded application that says how much it got; return what it sent, and the chunks left."""
    waiting = list(chunks)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        size, more = 0, True
        while more:
            message = await receive()
            size, more = size + len(message["body"]), message["more_body"]
        marked = (b"nuoxing-too-large", b"1") in scope["headers"]
        await send({"type": "http.response.start", "status": 413 if marked else 200, "headers": []})
        await send({"type": "http.response.body", "body": str(size).encode()})

    scope = {"type": "http", "path": "/", "headers": headers}
    asyncio.run(within_limits(app)(scope, receive, send))
    return sent, len(waiting)


def test_a_body_in_chunks_is_cut_off_at_the_limit() -> None:
    chunk = b"x" * (limits.FORM // 4)
    (start, body), left = _serve(*[chunk] * 4, headers=[])
    assert (start["status"], body["body"], left) == (200, str(limits.FORM).encode(), 0)
    (start, body), left = _serve(*[chunk] * 40, headers=[(b"transfer-encoding", b"chunked")])
    assert (start["status"], body["body"], left) == (413, b"0", 35)
    assert (b"connection", b"close") in start["headers"]


def test_a_length_beyond_the_limit_is_refused_unread() -> None:
    (start, body), left = _serve(b"x", b"y", headers=[(b"content-length", str(limits.FORM + 1).encode())])
    assert (start["status"], body["body"], left) == (413, b"0", 2)
