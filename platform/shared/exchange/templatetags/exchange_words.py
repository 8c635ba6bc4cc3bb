"""Template filters for the states of messages, arrivals and files."""

from collections.abc import Mapping

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..states import INBOUND_TONES, MESSAGE_TONES

register = template.Library()

ROWS: dict[str, tuple[str | Promise, str]] = {
    "new": (_("New"), "good"),
    "changed": (_("Changed"), "signal"),
    "same": (_("No change"), "muted"),
    "older": (_("Older than what is known"), "muted"),
    "faulty": (_("With faults"), "bad"),
}


@register.filter
def tone_in(state: str, tones: Mapping[str, str]) -> str:
    """Return a state's tone."""
    return tones.get(state, "muted")


@register.filter
def message_tone(state: str) -> str:
    """Return the tone of a message out."""
    return {str(key): tone for key, tone in MESSAGE_TONES.items()}.get(state, "muted")


@register.filter
def inbound_tone(state: str) -> str:
    """Return the tone of a message in."""
    return {str(key): tone for key, tone in INBOUND_TONES.items()}.get(state, "muted")


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
