"""Tag that asks, before a link is drawn, whether its page lets this person in."""

from django import template
from django.template import Context

from kernel.web import addresses

register = template.Library()


@register.simple_tag(takes_context=True)
def open_address(context: Context, url: str) -> str:
    """Return `url` where its page lets in whoever asks for this one, "" where it refuses."""
    request = getattr(context, "request", None)
    return url if request is not None and url and addresses.lets_in(request, url) else ""
