"""The handler of pages under ASGI: all of a request runs in one thread, as every middleware and view is synchronous.

Django's own awaits the view from inside its synchronous middleware: two changes of threads more for each request.
"""

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class PageHandler(ASGIHandler):
    """Django's ASGI handler around a synchronous chain of middleware."""

    def load_middleware(self, is_async: bool = False) -> None:
        """Load the chain as under WSGI, whatever is asked."""
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the request's own thread."""
        answer: HttpResponseBase = await sync_to_async(self.get_response, thread_sensitive=True)(request)
        return answer
