"""Filters and tags that every page may use."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kernel import languages
from kernel.dates import day_in_words, moment_in_words
from kernel.fields import MASKS
from kernel.money import Money
from kernel.web import http, repeats

register = template.Library()


@register.simple_tag
def address(name: str, *args: Any) -> str:
    """Return the path of a page that may belong to an app above the template's own (settings.ADDRESSES)."""
    return http.address(name, *args)


@register.simple_tag
def in_demonstration() -> bool:
    """Say whether this server shows a demonstration; for fragments, which are drawn without the page's context."""
    return bool(settings.NUOXING_DEMO)


@register.simple_tag
def form_token() -> SafeString:
    """Draw what lets a form that is sent twice be done once (kernel.web.repeats)."""
    return format_html('<input type="hidden" name="{}" value="{}">', repeats.FIELD, repeats.new_token())


@register.filter
def enumeration(names: Iterable[object] | None) -> str:
    """Return names one after the other as the reader's language sets them; nothing for nothing."""
    return languages.enumeration(names or ())


@register.filter
def money(value: Money | None) -> str:
    """Return an amount as people write it; nothing for nothing."""
    return "" if value is None else str(value)


@register.filter
def masked(value: Any, mask: str = "all") -> str:
    """Return a personal text in its masked form (see kernel.fields.MASKS)."""
    return MASKS[mask](str(value or ""))


@register.filter
def china_date(value: datetime | date | None) -> str:
    """Return a moment's legal day, or a day, in the reader's format."""
    return day_in_words(value)


@register.filter
def china_time(value: datetime | None) -> str:
    """Return a moment as the clock in China shows it, to the minute."""
    return "" if value is None else moment_in_words(value)
