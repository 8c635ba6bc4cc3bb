"""HTTP for the stand-ins: requests, responses, routes."""

import html
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

LARGEST = 5 * 1024 * 1024


class HttpError(Exception):
    """The caller asked for something that cannot be; `body` says what, in the style of whom we stand in for."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        """Keep the answer."""
        super().__init__(str(body))
        self.status, self.body = status, body


@dataclass(frozen=True, slots=True)
class Request:
    """One request, read whole."""

    method: str
    path: str
    base: str
    headers: dict[str, str]
    query: list[tuple[str, str]]
    body: bytes

    def json(self) -> dict[str, Any]:
        """Return the body as a JSON object; refuses (400) anything else."""
        try:
            content = json.loads(self.body or b"{}")
        except ValueError:
            content = None
        if not isinstance(content, dict):
            raise HttpError(400, {"error": "the body must be a JSON object"})
        return content

    def form(self) -> dict[str, Any]:
        """Return the body as Stripe's libraries send it: nested by brackets."""
        return nested(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def wants_html(self) -> bool:
        """Say whether a browser asks."""
        return "text/html" in self.headers.get("accept", "")


@dataclass(slots=True)
class Response:
    """One response."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, body: Any, status: int = 200, **headers: str) -> "Response":
        """Return a JSON answer."""
        raw = json.dumps(body, ensure_ascii=False).encode()
        return cls(status, raw, {"Content-Type": "application/json; charset=utf-8"} | headers)

    @classmethod
    def page(cls, title: str, body: str, status: int = 200) -> "Response":
        """Return a plain HTML page; `body` is HTML already."""
        raw = PAGE.format(title=html.escape(title), style=STYLE, body=body)
        return cls(status, raw.encode(), {"Content-Type": "text/html; charset=utf-8"})

    @classmethod
    def to(cls, address: str) -> "Response":
        """Return a redirect after a form."""
        return cls(303, b"", {"Location": address})


PAGE = (
    '<!doctype html><html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>{title}</title><style>{style}</style></head><body><main>{body}</main></body></html>"
)
STYLE = (
    "body{font:16px/1.6 system-ui,'PingFang SC','Noto Sans CJK SC',sans-serif;background:#f7f8fa;margin:0}"
    "main{max-width:30rem;margin:2rem auto;padding:1.5rem;background:#fff;border:1px solid #dfe3e8;border-radius:6px}"
    "b.demo{color:#b7791f}.amount{font-size:28px;font-variant-numeric:tabular-nums}"
    "button{font:inherit;padding:.5rem 1rem;border-radius:6px;border:1px solid #1d5b8f;background:#1d5b8f;color:#fff;"
    "margin:.25rem .5rem .25rem 0}button.plain{background:#fff;color:#1d5b8f}table{border-collapse:collapse;width:100%}"
    "td,th{border-bottom:1px solid #dfe3e8;text-align:left;padding:.25rem .5rem;vertical-align:top}"
)

_STEP = re.compile(r"\[([^\]]*)\]")


def nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Return `a[b][0]=c` pairs as nested dictionaries and lists."""
    root: dict[str, Any] = {}
    for name, value in pairs:
        first = name.split("[", 1)[0]
        place = root
        steps = [first, *_STEP.findall(name)]
        for step in steps[:-1]:
            place = place.setdefault(step, {})
        place[steps[-1] or str(len(place))] = value
    content: dict[str, Any] = _listed(root)
    return content


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_listed(value[key]) for key in sorted(value, key=int)]
    return {key: _listed(inner) for key, inner in value.items()}


Handler = Callable[..., Awaitable[Response]]


class Routes:
    """Methods and paths (`/v1/refunds/<id>`) to their handlers."""

    def __init__(self) -> None:
        """Begin without any."""
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []

    def add(self, method: str, path: str, handler: Handler) -> None:
        """Add a route."""
        pattern = re.compile(re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", path) + "/?$")
        self._routes.append((method, pattern, handler))

    async def answer(self, request: Request) -> Response:
        """Return what the first fitting handler answers; 404 and 405 in plain words."""
        others = False
        for method, pattern, handler in self._routes:
            if (match := pattern.match(request.path)) is None:
                continue
            if method == request.method:
                try:
                    return await handler(request, **match.groupdict())
                except HttpError as refused:
                    return Response.json(refused.body, refused.status)
            others = True
        status = 405 if others else 404
        return Response.json(
            {"error": {"type": "invalid_request_error", "message": f"{request.method} {request.path}: {status}"}},
            status,
        )


async def read(scope: Scope, receive: Receive) -> Request:
    """Return a request with its whole body."""
    chunks, size, more = [], 0, True
    while more:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= LARGEST:
            chunks.append(chunk)
        more = message.get("more_body", False)
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    base = f"{scope.get('scheme', 'http')}://{headers.get('host', '127.0.0.1')}"
    query = parse_qsl(scope.get("query_string", b"").decode("latin-1"))
    return Request(scope["method"], scope["path"], base, headers, query, b"".join(chunks))


async def send(answer: Response, out: Send) -> None:
    """Send an answer."""
    headers = {"Content-Length": str(len(answer.body)), "Cache-Control": "no-store"} | answer.headers
    raw = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers.items()]
    await out({"type": "http.response.start", "status": answer.status, "headers": raw})
    await out({"type": "http.response.body", "body": answer.body})
