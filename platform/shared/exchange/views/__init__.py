"""Pages of the outside systems."""

from .files import discard, export, file, file_list, import_, report
from .operator import (
    arrival,
    arrival_list,
    authority_detail,
    authority_list,
    comparison,
    discrepancies,
    give_up,
    message,
    message_list,
    resend,
    resolution,
    systems,
)
from .public import centre, entry, formats

__all__ = [
    "arrival",
    "arrival_list",
    "authority_detail",
    "authority_list",
    "centre",
    "comparison",
    "discard",
    "discrepancies",
    "entry",
    "export",
    "file",
    "file_list",
    "formats",
    "give_up",
    "import_",
    "message",
    "message_list",
    "report",
    "resend",
    "resolution",
    "systems",
]
