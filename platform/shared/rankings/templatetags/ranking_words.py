"""Template filters for a run's state."""

from django import template

from ..states import TONES, RunState

register = template.Library()


@register.filter
def run_tone(state: str) -> str:
    """Return the tone of a state."""
    return TONES[RunState(state)]
