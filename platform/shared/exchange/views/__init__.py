"""Pages of the outside systems."""

from .files import drop, export, file, file_list, report, take
from .operator import (
    arrival,
    arrival_list,
    comparison,
    findings,
    message,
    message_list,
    overseen,
    overseen_list,
    resolution,
    sending,
    surrender,
    systems,
)
from .public import centre, entry, formats

__all__ = [
    "arrival",
    "arrival_list",
    "centre",
    "comparison",
    "drop",
    "entry",
    "export",
    "file",
    "file_list",
    "findings",
    "formats",
    "message",
    "message_list",
    "overseen",
    "overseen_list",
    "report",
    "resolution",
    "sending",
    "surrender",
    "systems",
    "take",
]
