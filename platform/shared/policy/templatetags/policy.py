"""The law made visible: beside a value stands where it comes from."""

from typing import Any

from django import template

from .. import queries

register = template.Library()


@register.inclusion_tag("policy/source_badge.html", takes_context=True)
def policy_source(context: dict[str, Any], path: str, note: bool | str = False) -> dict[str, Any]:
    """Show where the value at `path` of the pack stands: {% policy_source "clocks.notice_days" %}.

    A section shows every source that is in it. Reads `pack` from the context, or the pack in force at the request's
    time. What a reader should know is shown on pointing at it; with `note=True` it stands beside the source, with
    `note="own"` beside this platform's own settings only. LookupError where the pack has nothing at `path`.
    """
    pack = context.get("pack") or queries.pack_at(context["now"])
    sources = pack.sources_of(path)
    if not sources:
        raise LookupError(f"{pack.version} has nothing at {path}")
    shown = [(source, note is True or (note == "own" and not source.from_policy)) for source in sources]
    return {"sources": shown}
