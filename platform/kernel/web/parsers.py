"""The parser of /api/v1/. A module of its own: Django REST framework imports it while its own views are being made."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework import exceptions, parsers

from kernel.web.bodies import read_json


class JSONParser(parsers.JSONParser):
    """JSON in UTF-8, read as everywhere here (`read_json`)."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return what the body says; a 400 where it cannot be read."""
        encoding = (parser_context or {}).get("encoding", settings.DEFAULT_CHARSET)
        try:
            return read_json(stream.read().decode(encoding))
        except (ValueError, LookupError) as fault:
            raise exceptions.ParseError(f"JSON parse error - {fault}") from fault
