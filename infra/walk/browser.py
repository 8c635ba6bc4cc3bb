"""A person's browser: pages, forms, cookies per host, redirects between hosts, and the time its requests carry.

Names under .localhost are not resolved (glibc does not): every connection goes to 127.0.0.1 and the Host header says
which site is meant.
"""

import socket
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from bs4 import BeautifulSoup, Tag
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

LOOPBACK = "127.0.0.1"


class Unexpected(Exception):
    """The server answered something else than a person would have needed."""


class _Loopback(httpx.BaseTransport):
    """Sends every request to this machine, whatever host it names."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url.copy_with(host=LOOPBACK)
        there = httpx.Request(request.method, url, headers=request.headers, stream=request.stream)
        there.extensions = request.extensions
        return self._inner.handle_request(there)

    def close(self) -> None:
        self._inner.close()


@dataclass(frozen=True)
class Form:
    """A form as the page offers it: where it goes, what it already holds, and the fields that a person fills in."""

    action: str
    method: str
    data: dict[str, str | list[str]]
    fields: frozenset[str]


class Page:
    """One answer, read as a person would."""

    def __init__(self, response: httpx.Response) -> None:
        """Parse it."""
        self.response = response
        self.url = str(response.url)
        self.soup = BeautifulSoup(response.text, "html.parser")

    @property
    def status(self) -> int:
        """Return the status."""
        return self.response.status_code

    @property
    def text(self) -> str:
        """Return the words on the page, white space folded."""
        body = self.soup.find("main") or self.soup
        return " ".join(body.get_text(" ").split())

    @property
    def title(self) -> str:
        """Return the page's heading, or its title."""
        head = self.soup.find("h1") or self.soup.find("title")
        return " ".join(head.get_text(" ").split()) if head else ""

    def errors(self) -> list[str]:
        """Return the sentences that stand at fields or in alerts."""
        elements = self.soup.select(".invalid-feedback, .errorlist li, .alert-danger, [role=alert]")
        return [" ".join(e.get_text(" ").split()) for e in elements if e.get_text(strip=True)]

    def link(self, part: str) -> str:
        """Return the first link whose address holds `part`."""
        for anchor in self.soup.find_all("a", href=True):
            if part in str(anchor["href"]):
                return urljoin(self.url, str(anchor["href"]))
        raise Unexpected(f"{self.url} has no link to {part}: {self.text[:300]}")

    def form(self, part: str = "", *, having: str = "") -> Form:
        """Return the first POST form whose action holds `part` and that has the field `having`."""
        for tag in self.soup.find_all("form"):
            action = urljoin(self.url, str(tag.get("action") or self.url))
            form = Form(action, str(tag.get("method", "get")).lower(), *_read(tag))
            named = part in action or any(part in str(b.get("formaction", "")) for b in tag.find_all("button"))
            if form.method == "post" and named and (not having or having in form.fields) and "i18n" not in action:
                return form
        raise Unexpected(f"{self.url} has no form for {part or having}: {self.text[:300]}")

    def attribute(self, selector: str, name: str) -> str:
        """Return an attribute of the first element that matches."""
        element = self.soup.select_one(selector)
        if element is None or not element.get(name):
            raise Unexpected(f"{self.url} has no {selector}[{name}]: {self.text[:300]}")
        return str(element[name])


def _read(form: Tag) -> tuple[dict[str, str | list[str]], frozenset[str]]:
    data: dict[str, str | list[str]] = {}
    names = set()
    for field in form.find_all(["input", "select", "textarea"]):
        name, kind = str(field.get("name") or ""), str(field.get("type") or "")
        if not name or kind in ("submit", "button", "image"):
            continue
        if kind != "hidden":
            names.add(name)
        if field.name == "select":
            option = field.find("option", selected=True)
            if option is not None:
                data[name] = str(option.get("value", ""))
        elif kind in ("checkbox", "radio"):
            if field.has_attr("checked"):
                data[name] = str(field.get("value", "on"))
        elif kind != "file":
            data[name] = field.get_text() if field.name == "textarea" else str(field.get("value", ""))
    return data, frozenset(names)


class Browser:
    """One person's browser."""

    def __init__(self, port: int, *, host: str = "nuoxing.localhost", language: str = "zh-hans") -> None:
        """Open it at the platform's address, with no time of its own."""
        self.port = port
        self.host = host
        self.moment: datetime | None = None
        self.last: Page | None = None
        self.language = language
        # One client a host: Python's cookie jars would send a host's cookies to the hosts below it, browsers do not.
        self._clients: dict[str, httpx.Client] = {}
        self._sockets = ExitStack()

    def client(self, url: str) -> httpx.Client:
        """Return the client, with its cookies, for the host of an address."""
        host = urlsplit(url).hostname or ""
        if host not in self._clients:
            headers = {"Accept-Language": self.language}
            self._clients[host] = httpx.Client(transport=_Loopback(), timeout=60, headers=headers)
        return self._clients[host]

    def url(self, path: str, slug: str = "") -> str:
        """Return the address of a path at the platform, or at an institution."""
        if path.startswith("http"):
            return path
        return f"http://{slug + '.' if slug else ''}{self.host}:{self.port}{path}"

    def _send(self, method: str, url: str, **kwargs: Any) -> httpx.Response:
        headers = dict(kwargs.pop("headers", {}))
        if self.moment is not None:
            headers["Nuoxing-Now"] = self.moment.isoformat()
        response = self.client(url).request(method, url, headers=headers, **kwargs)
        for _n in range(20):
            if response.next_request is None:
                return response
            url = str(response.next_request.url)
            response = self.client(url).request("GET", url, headers=headers)
        raise Unexpected(f"{url} leads nowhere")

    def open(self, path: str, slug: str = "", *, expect: int = 200) -> Page:
        """Open an address and follow where it leads."""
        page = Page(self._send("GET", self.url(path, slug), headers={"Accept": "text/html"}))
        return self._expect(page, expect)

    def submit(
        self, form: Form, values: Mapping[str, Any] | None = None, *, files: Any = None, expect: int = 200
    ) -> Page:
        """Fill in a form, send it, and follow where it leads; a sentence at a field is an Unexpected here."""
        data = {**form.data, **(values or {})}
        origin = urlsplit(form.action)
        headers = {"Referer": self.last.url if self.last else form.action, "Accept": "text/html"}
        headers["Origin"] = f"{origin.scheme}://{origin.netloc}"
        page = Page(self._send("POST", form.action, data=data, files=files, headers=headers))
        self._expect(page, expect)
        if expect == 200 and page.response.request.method == "POST" and page.errors():
            raise Unexpected(f"{form.action} was not accepted: {'; '.join(page.errors())}")
        return page

    def _expect(self, page: Page, status: int) -> Page:
        if page.status != status:
            raise Unexpected(f"{page.url} answered {page.status}, not {status}: {page.title} {page.text[:400]}")
        self.last = page
        return page

    def json(self, method: str, path: str, slug: str = "", *, expect: int = 200, **kwargs: Any) -> Any:
        """Call a JSON address; cookies and the CSRF token go along."""
        url = self.url(path, slug)
        headers = {"Accept": "application/json", "Referer": url, **kwargs.pop("headers", {})}
        origin = urlsplit(url)
        headers["Origin"] = f"{origin.scheme}://{origin.netloc}"
        token = self.client(url).cookies.get("nx_csrf")
        response = self._send(method, url, headers=headers | {"X-CSRFToken": token or ""}, **kwargs)
        if response.status_code != expect:
            raise Unexpected(f"{url} answered {response.status_code}, not {expect}: {response.text[:400]}")
        return response.json() if response.content else None

    def exists(self, path: str, slug: str = "") -> bool:
        """Say whether there is something at an address."""
        return self._send("GET", self.url(path, slug)).status_code == 200

    def download(self, path: str, slug: str = "") -> bytes:
        """Return the bytes behind an address."""
        response = self._send("GET", self.url(path, slug))
        if response.status_code != 200:
            raise Unexpected(f"{response.url} answered {response.status_code}")
        return response.content

    def socket(self, path: str, slug: str) -> ClientConnection:
        """Open a WebSocket as a page of that host would, with its cookies."""
        host = f"{slug}.{self.host}"
        jar = self.client(f"http://{host}:{self.port}/").cookies.jar
        cookies = "; ".join(f"{c.name}={c.value}" for c in jar)
        connection = connect(
            f"ws://{host}:{self.port}{path}",
            sock=socket.create_connection((LOOPBACK, self.port)),
            origin=Origin(f"http://{host}:{self.port}"),
            additional_headers={"Cookie": cookies} | ({"Nuoxing-Now": self.moment.isoformat()} if self.moment else {}),
            proxy=None,
        )
        return self._sockets.enter_context(connection)

    def close(self) -> None:
        """Close it, with its sockets."""
        self._sockets.close()
        for client in self._clients.values():
            client.close()
