"""Template tags of policy: beside a value stands its source."""

from typing import Any

from django import template

from ..queries import packs as pack_queries
from ..values.pack import Pack, Source

register = template.Library()


def _pack(context: dict[str, Any]) -> Pack:
    pack: Pack | None = context.get("pack")
    return pack or pack_queries.pack_at(context["now"])


@register.simple_tag(takes_context=True)
def policy_in_force(context: dict[str, Any]) -> Pack:
    """Return the pack that a page speaks of: {% policy_in_force as law %}{{ law.clocks.notice_days }}."""
    return _pack(context)


@register.inclusion_tag("policy/parts/source_badge.html", takes_context=True)
def policy_source(context: dict[str, Any], path: str, note: bool | str = False, version: str = "") -> dict[str, Any]:
    """Show where the value at `path` of the pack stands: {% policy_source "clocks.notice_days" %}.

    A section shows every source that is in it. Reads the pack of `version`, where a decision of that version is told;
    else `pack` from the context, or the pack in force at the request's time. What a reader should know is shown on
    pointing at it; with `note=True` it stands beside the source, with `note="own"` beside this platform's own settings
    only. LookupError where the pack has nothing at `path`.
    """
    pack = pack_queries.pack(version) if version else _pack(context)
    sources = pack.sources_of(path)
    if not sources:
        raise LookupError(f"{pack.version} has nothing at {path}")
    noted = {source: note is True or (note == "own" and not source.from_policy) for source in sources}
    return {"badges": [_badge(alike, noted[alike[0]]) for alike in _alike(sources)]}


def _alike(sources: list[Source]) -> list[list[Source]]:
    """Return the sources in groups, in their order: those of one place are one badge, whatever is remarked."""
    groups: dict[tuple[str, bool], list[Source]] = {}
    for source in sources:
        groups.setdefault((source.label, source.demo), []).append(source)
    return list(groups.values())


def _badge(alike: list[Source], noted: bool) -> dict[str, Any]:
    remarks = dict.fromkeys(source.remark for source in alike if source.remark)
    return {"source": alike[0], "remark": " ".join(remarks), "noted": noted}
