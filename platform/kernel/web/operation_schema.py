"""The description of one REST operation.

A module of its own: the REST framework imports it while drf-spectacular's own views are being made.
"""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from kernel import access


class Description(AutoSchema):
    """One operation, with the header by which a repeated request is done once."""

    def get_override_parameters(self) -> list[Any]:
        """Return the parameters that the view does not see itself."""
        parameters = list(super().get_override_parameters())
        if getattr(getattr(self.view, self.method.lower(), None), "takes_keys", False):
            words = "The same key gives the same answer, and what it asks for is done once; kept for a day."
            parameters.append(OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description=words))
        return parameters

    def get_auth(self) -> Any:
        """Return how a caller says who it is: by a session, with its CSRF token where it writes, or by a token."""
        rule = access.rule_of(type(self.view))
        if rule is None or rule.public:
            return []
        return [{"session": []} if self.method == "GET" else {"session": [], "csrf": []}, {"token": []}]
