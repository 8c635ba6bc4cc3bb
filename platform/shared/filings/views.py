"""The search of classes over all institutions, and up to three of them side by side."""

import uuid
from collections.abc import Iterator

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from kernel import access
from kernel.tables import ValueRows, paged
from kernel.web.http import Request, page
from shared.policy.queries import packs as pack_queries

from .filters import ClassFilter
from .queries import classes as class_queries
from .tables import ClassTable

ROWS = 20  # each is a card on a phone


@access.public
@require_safe
def classes(request: Request) -> HttpResponse:
    """Show the classes that take enrolments, as the filters narrow them; where none is left, what to relax."""
    pack = pack_queries.pack_at(request.now)
    filterset = ClassFilter(request.GET, queryset=class_queries.enrolling_classes(request.now), pack=pack)
    offers = class_queries.OfferList(filterset.qs, request.now, pack=pack, port=request.get_port())
    table = paged(request, ClassTable(ValueRows(offers)), per_page=ROWS)
    context = {"filter": filterset, "table": table, "relaxations": []}
    if not table.paginator.count and filterset.form.is_valid():
        context["relaxations"] = list(filterset.relaxations())
    return page(request, "filings/classes.html", context)


@access.public
@require_safe
def comparison(request: Request) -> HttpResponse:
    """Show the classes that the address names side by side: the first three, be they open or not any more."""
    chosen = list(dict.fromkeys(_keys(request.GET.getlist("class"))))
    shown = chosen[: class_queries.MOST_COMPARED]
    offers = class_queries.compared(shown, request.now, port=request.get_port())
    columns = [(offer, _without(offer.id, shown)) for offer in offers]
    context = {"columns": columns, "missing": len(shown) - len(offers), "left_out": len(chosen) - len(shown)}
    return page(request, "filings/comparison.html", context | {"most": class_queries.MOST_COMPARED})


def _keys(texts: list[str]) -> Iterator[uuid.UUID]:
    """Yield the keys among what an address names."""
    for text in texts:
        try:
            yield uuid.UUID(text)
        except ValueError:
            continue


def _without(key: uuid.UUID, keys: list[uuid.UUID]) -> str:
    """Return the query of the comparison without one class."""
    return "?" + "&".join(f"class={other}" for other in keys if other != key)
