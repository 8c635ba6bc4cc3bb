"""OpenAPI: the description of a host's API, of REST views and of plain functions that answer in JSON alike."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.conf import settings
from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.views import APIView

from kernel import access

View = TypeVar("View", bound=Callable[..., Any])

_PROBLEM = {
    "type": "object",
    "description": "A refusal (RFC 9457): `code` for machines, `title` and `detail` for people, in their language.",
    "required": ["type", "code", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "code": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "field": {"type": "string", "description": "the field of the body that cannot be right"},
        "errors": {"type": "object", "additionalProperties": {}, "description": "by field, where several cannot be"},
    },
}


def described(operation_id: str, *, method: str = "post", auth: str = "", **schema: Any) -> Callable[[View], View]:
    """Describe a function that answers in JSON, in the words that `extend_schema` has for a view of the REST framework.

    Stands above the other decorators. The docstring says what the function does. `auth` names what a caller brings
    where that is no session.
    """

    def decorate(view: View) -> View:
        def handler(self: APIView, request: Any, *args: Any, **kwargs: Any) -> Any:
            raise NotImplementedError("this class is only described")

        handler.__name__, handler.__doc__ = method, view.__doc__
        brought: Any = [{auth: []}] if auth else None
        shown = extend_schema(operation_id=operation_id, auth=brought, **schema)(handler)
        document = type(operation_id, (APIView,), {method: shown, "access_rule": access.rule_of(view)})
        view.document = cast("type[APIView]", document).as_view()  # type: ignore[attr-defined]  # read below
        return view

    return decorate


class Endpoints(EndpointEnumerator):
    """The operations of a host: views of the REST framework, and functions that are `described`."""

    def should_include_endpoint(self, path: str, callback: Any) -> bool:
        """Say whether an address belongs to the description."""
        return hasattr(callback, "document") or super().should_include_endpoint(path, callback)

    def _get_api_endpoints(self, patterns: Any, prefix: str) -> Any:
        found = super()._get_api_endpoints(patterns, prefix)  # type: ignore[no-untyped-call]  # of a package
        return [(path, regex, method, getattr(view, "document", view)) for path, regex, method, view in found]

    def get_allowed_methods(self, callback: Any) -> Any:
        """Return the methods that an operation answers."""
        return super().get_allowed_methods(getattr(callback, "document", callback))  # type: ignore[no-untyped-call]  # as above


class Generator(SchemaGenerator):
    """A description with what the live gateway serves beside Django, and with problems as the answer to what fails."""

    endpoint_inspector_cls = Endpoints
    gateway_patterns: tuple[Any, ...] = ()

    def _initialise_endpoints(self) -> None:
        if self.endpoints is None:
            inspector: Any = self.endpoint_inspector_cls(self.patterns, self.urlconf)
            self.inspector = inspector
            gateway = inspector.get_api_endpoints(self.gateway_patterns, "")
            self.endpoints = [*inspector.get_api_endpoints(), *gateway]

    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        """Return the description."""
        result: dict[str, Any] = super().get_schema(request, public)  # type: ignore[no-untyped-call]  # as above
        parts = result.setdefault("components", {})
        parts.setdefault("schemas", {})["Problem"] = _PROBLEM
        parts.setdefault("securitySchemes", {}).update(
            session={"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
            csrf={"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
            token={"type": "http", "scheme": "bearer"},
            attemptToken={"type": "http", "scheme": "bearer", "description": "of one test page; it knows no sessions"},
        )
        problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for operations in result["paths"].values():
            for operation in operations.values():
                operation["responses"]["default"] = {"description": "A refusal", "content": problem}
        return result


def description_view(urlconf: str, gateway_patterns: Any = ()) -> Any:
    """Return the view of a host's description."""
    generator = type("HostGenerator", (Generator,), {"gateway_patterns": tuple(gateway_patterns)})
    return SpectacularAPIView.as_view(urlconf=urlconf, generator_class=generator)
