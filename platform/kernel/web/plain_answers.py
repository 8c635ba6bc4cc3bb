"""Plain answers: what Django and packages refuse without a word, said as our own refusals are."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.web.http import refusal_response
from kernel.web.limits import TooMany


class UnreadableRequest(Refusal):
    """The address or the body of a request cannot be read."""

    code = "unreadable-request"
    status = 400
    title = _("This request cannot be read")
    message = _(
        "The address or what was sent with it is broken. Go back and try again; if it happens again, open the page"
        " anew."
    )


class BadHost(Refusal):
    """The request names a host that cannot be one."""

    code = "bad-host"
    status = 400
    title = _("This request cannot be read")
    message = _("The name of the server in this request cannot be one. Open the platform's home page and go on there.")


class MethodNotAllowed(Refusal):
    """The address does not take requests of this method."""

    code = "method-not-taken"
    status = 405
    title = _("This page cannot be asked for in this way")
    message = _("This address takes no %(method)s request. Open the page anew and use its own links and buttons.")


class TooManyAttempts(TooMany):
    """Attempts at an account, or requests for codes, came too fast."""

    code = "too-many-attempts"
    title = _("Too many attempts")
    message = _("To protect accounts, attempts are counted. Please wait a few minutes, go back and try again.")


def worded(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Return the answer with words where it is a bare 405, else as it is."""
    if response.status_code != 405 or not isinstance(response, HttpResponse) or response.content:
        return response
    answer = refusal_response(request, MethodNotAllowed(method=request.method))
    answer["Allow"] = response["Allow"]
    return answer
