"""The first page of employers' clerks."""

from django.http import HttpResponse
from django.views.decorators.cache import never_cache

from kernel import access
from kernel.access import role
from kernel.http import Request, page

from .. import queries
from ..states import Role


@access.requires(role(Role.EMPLOYER_CLERK))
@never_cache
def employer(request: Request) -> HttpResponse:
    """Show a clerk which employers they work for."""
    employers = queries.employers(request.actor)
    context = {"todos": queries.todos(request.actor, request.now), "employers": employers}
    return page(request, "identity/employer.html", context)
