"""Faults of the database in words: it is away for a moment, or it was given what no column of it can hold."""

from typing import Any

from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from kernel.db import bounds
from kernel.errors import Invalid, Refusal
from kernel.web.http import problem, wants_json

RETRY_SECONDS = 5
"""After how long to try again: PostgreSQL's restart takes a second or two, and every process finds it at once."""

# The server is going, gone, coming, or takes nobody more. All that begins with 08 is the connection's.
_AWAY = frozenset({"57P01", "57P02", "57P03", "57P05", "53300"})
_CHECK = "23514"


class DatabaseAway(Refusal):
    """The database is being started again, or cannot be reached."""

    code = "database-away"
    status = 503
    title = _("Please wait a moment")
    message = _(
        "The records cannot be reached just now. Please try again in a few seconds. If you sent something, look first "
        "whether it is there before you send it again."
    )


class BeyondBounds(Invalid):
    """A day, a number or a text lies beyond what its column can hold (kernel.db.bounds)."""

    code = "beyond-bounds"
    message = _("A day, a number or a text is beyond what can be kept here. Nothing was changed.")


class TakenMeanwhile(Refusal):
    """Of what there is once, somebody else had it a moment sooner; the database refused the second."""

    code = "taken-meanwhile"
    title = _("Somebody was faster")
    message = _(
        "Something that there can be only once was made at the same moment, by you in another window or by somebody "
        "else. Nothing was changed here. Please open the page again to see what stands there now."
    )


def is_away(fault: BaseException | None) -> bool:
    """Say whether a fault means that the database cannot be reached now, not that a statement was wrong."""
    if isinstance(fault, InterfaceError):
        return True
    if not isinstance(fault, OperationalError):
        return False
    state = getattr(fault.__cause__, "sqlstate", None)
    return state is None or state.startswith("08") or state in _AWAY


def is_beyond(fault: BaseException | None) -> bool:
    """Say whether the database refused a value for what it is: no column can hold it, or a column's bounds."""
    if isinstance(fault, DataError):
        return True
    cause: Any = fault.__cause__ if isinstance(fault, IntegrityError) else None
    return getattr(cause, "sqlstate", None) == _CHECK and str(cause.diag.constraint_name).endswith(bounds.ENDING)


def away_response(request: HttpRequest) -> HttpResponse:
    """Say that the database is away, by a page that asks it nothing, or a problem; both say when to come again."""
    refusal = DatabaseAway()
    if wants_json(request):
        answer: HttpResponse = problem(
            refusal.code, status=refusal.status, title=str(refusal.title), detail=str(refusal)
        )
    else:
        number = getattr(request, "id", "")
        answer = HttpResponse(render_to_string("503.html", {"refusal": refusal, "number": number}), status=503)
    answer["Retry-After"] = str(RETRY_SECONDS)
    answer["Cache-Control"] = "no-store"
    return answer
