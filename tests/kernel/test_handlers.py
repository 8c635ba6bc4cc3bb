"""A page under ASGI is answered in one thread of its own."""

import asyncio
from inspect import iscoroutinefunction
from threading import get_ident

from asgiref.testing import ApplicationCommunicator
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from kernel.web.handlers import PageHandler

_threads: list[int] = []


class _Outer:
    """A middleware that notes its thread."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response):  # type: ignore[no-untyped-def]  # as Django calls it
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _threads.append(get_ident())
        answer: HttpResponse = self.get_response(request)
        return answer


def _view(request: HttpRequest) -> HttpResponse:
    _threads.append(get_ident())
    return HttpResponse("here")


urlpatterns = [path("", _view)]


async def _ask() -> list[dict[str, object]]:
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [(b"host", b"testserver")]}
    caller = ApplicationCommunicator(PageHandler(), scope)
    await caller.send_input({"type": "http.request", "body": b""})
    answer = [await caller.receive_output(5), await caller.receive_output(5)]
    await caller.wait(5)
    return answer


@override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[f"{__name__}._Outer"], ALLOWED_HOSTS=["*"])
def test_middleware_and_view_share_a_thread_that_is_not_the_loops() -> None:
    _threads.clear()
    start, body = asyncio.run(_ask())
    assert (start["status"], body["body"]) == (200, b"here")
    assert len(_threads) == 2
    assert len(set(_threads)) == 1
    assert get_ident() not in _threads


def test_the_products_chain_is_synchronous() -> None:
    from config.asgi import application_of_pages  # sets Django up

    assert isinstance(application_of_pages, PageHandler)
    assert not iscoroutinefunction(application_of_pages._middleware_chain)
