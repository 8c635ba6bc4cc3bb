"""Ranges of bytes (RFC 9110, 14): a part of a file for a player that seeks, never the whole of a large one at once."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import IO

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

WHOLE = 20 * 1024 * 1024
"""A file of at most so many bytes goes out in one piece."""
PIECE = 4 * 1024 * 1024
"""The most that is answered to one range; whoever wants more asks again from there."""

_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")


def asked(header: str, size: int) -> tuple[int, int] | None:
    """Return the first and last byte that a Range header asks for, as far as they are there.

    None where it is to be ignored (it asks for several parts, or is none); first > last where nothing of it is there.
    """
    match = _RANGE.fullmatch(header.replace(" ", ""))
    if match is None or match[0] == "bytes=-":
        return None
    if not match[1]:
        return max(size - int(match[2]), 0), size - 1 if int(match[2]) else -1
    first, last = int(match[1]), int(match[2] or size - 1)
    if match[2] and last < first:
        return None
    return first, min(last, size - 1)


def respond(request: HttpRequest, stream: IO[bytes], *, size: int, tag: str, kind: str) -> HttpResponseBase:
    """Return a file, or the part of it that is asked for; closes the stream when all of it is read."""
    span = asked(request.headers.get("Range", ""), size)
    if span is not None and request.headers.get("If-Range", tag) == tag:
        response: HttpResponseBase = _part(stream, *span, size=size, kind=kind)
    elif size <= WHOLE:
        with stream:
            response = HttpResponse(stream.read(), content_type=kind)
    else:
        # Under ASGI a synchronous iterator would be read into memory first.
        pieces = _async_pieces(stream) if hasattr(request, "scope") else _pieces(stream)
        response = StreamingHttpResponse(pieces, content_type=kind)
        response["Content-Length"] = str(size)
    response["Accept-Ranges"], response["ETag"] = "bytes", tag
    return response


def _part(stream: IO[bytes], first: int, last: int, *, size: int, kind: str) -> HttpResponse:
    with stream:
        if first > last:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        last = min(last, first + PIECE - 1)
        stream.seek(first)
        response = HttpResponse(stream.read(last - first + 1), content_type=kind, status=206)
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    with stream:
        while piece := stream.read(PIECE // 4):
            yield piece


async def _async_pieces(stream: IO[bytes]) -> AsyncIterator[bytes]:
    with stream:
        while piece := await sync_to_async(stream.read, thread_sensitive=False)(PIECE // 4):
            yield piece
