"""Packs of older formats: what is loaded is never changed, and is read in today's shape as what it said then."""

import json
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

CURRENT = 2

_DEFAULTS_FOLDER = Path(__file__).parents[1] / "packs/formats"


def upgraded(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the body in today's format; one that is in it already is returned as it is."""
    return _from_format_1(body) if body.get("format", 1) == 1 else body


def _from_format_1(body: Mapping[str, Any]) -> Mapping[str, Any]:
    upgraded_body: dict[str, Any] = _with_defaults(json.loads(json.dumps(body)), _defaults(1))
    admission = upgraded_body["eligibility"]
    limit = admission.pop("maximum_age", {"value": "none", "source": "not-from-policy"})
    # "up to 60" is "under 61"
    under = limit["value"] + 1 if isinstance(limit["value"], int) else "none"
    strategy = "none" if under == "none" else "fixed"
    admission["ceiling"] = {
        "source": "not-from-policy",
        **{name: mark for name, mark in limit.items() if name != "value"},
        "strategy": strategy,
        "men_under": under,
        "women_under": under,
    }
    for education in admission["educations"]:
        if education["counts_as"] == "below":
            education["counts_as"] = "none"
    return {**upgraded_body, "format": CURRENT}


@lru_cache(maxsize=4)
def _defaults(number: int) -> Mapping[str, Any]:
    tree = tomllib.loads((_DEFAULTS_FOLDER / f"{number}.toml").read_text(encoding="utf-8"))
    return json.loads(json.dumps(tree, default=str))  # type: ignore[no-any-return]  # a table is a dict


def _with_defaults(body: Any, defaults: Any) -> Any:
    """Return what was said, and beside it what was supplied where nothing was said. Lists are supplied whole, or their
    entries by key; a marked value is one value."""
    if isinstance(body, dict) and isinstance(defaults, Mapping) and "value" not in body:
        return body | {
            name: _with_defaults(body[name], value) if name in body else value for name, value in defaults.items()
        }
    if isinstance(body, list) and isinstance(defaults, list):
        by_key = {entry["key"]: entry for entry in defaults if isinstance(entry, dict) and "key" in entry}
        return [_with_defaults(entry, by_key.get(entry["key"], {})) if "key" in entry else entry for entry in body]
    return body
