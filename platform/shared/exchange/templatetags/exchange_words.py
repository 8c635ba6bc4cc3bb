"""Template filters for faults of messages and the rows of files."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()

ROWS: dict[str, tuple[str | Promise, str]] = {
    "new": (_("New"), "good"),
    "changed": (_("Changed"), "signal"),
    "same": (_("No change"), "muted"),
    "older": (_("Older than what is known"), "muted"),
    "faulty": (_("With faults"), "bad"),
}


@register.filter
def fault_words(fault: str) -> str | Promise:
    """Return a fault in words."""
    return _("not connected here") if fault == "not-connected" else fault


@register.filter
def row_words(outcome: str) -> str | Promise:
    """Return what would become of a file's row, in words."""
    return ROWS[outcome][0]


@register.filter
def row_tone(outcome: str) -> str:
    """Return the tone of what would become of a file's row."""
    return ROWS[outcome][1]
