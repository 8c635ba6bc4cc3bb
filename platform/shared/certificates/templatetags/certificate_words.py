"""Template filters for a certificate's state."""

from django import template

from ..states import TONES, CertificateState

register = template.Library()


@register.filter
def state_tone(state: str) -> str:
    """Return the tone of a state."""
    return TONES[CertificateState(state)]
