"""The outline of a pack: what its sections hold, read from the shapes, so that a form and a page need no list of their
own. Whatever fields the shapes get, the outline has them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from shared.policy.values.pack import Pack

Kind = Literal["group", "entries", "map", "lines", "choices", "choice", "number", "flag", "day", "text", "raw"]

SCALARS = frozenset({"choice", "number", "flag", "day", "text"})
SIMPLE = SCALARS | {"choices", "lines"}  # what stands in one cell of a table
HEADER = "about"  # the section of what the file says about itself
FIXED = frozenset({"format", "id", "revision", "jurisdiction"})  # of the file: set by the desk, not by its users

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Spec:
    """One place of the outline: what may stand there and under whose name.

    `owner` and `name` are the shape's and the field's names (an entry of a list has its list's). `none` says that
    nothing may stand there on purpose; `default` that the file may leave it out. Where the fields of a group depend on
    one of them, `by` is that one and `variants` are the fields for each of its values.
    """

    owner: str
    name: str
    kind: Kind
    default: bool = False
    none: bool = False
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    fields: tuple["Spec", ...] = ()
    item: "Spec | None" = None
    by: str = ""
    variants: tuple[tuple[str, tuple["Spec", ...]], ...] = ()

    @property
    def optional(self) -> bool:
        """Say whether it is a part of the pack that may be missing as a whole."""
        return self.kind == "group" and (self.none or self.default)

    def fields_for(self, which: Any) -> tuple["Spec", ...]:
        """Return the fields that there are where `by` has this value."""
        return dict(self.variants).get(str(which), self.fields)

    @property
    def flat(self) -> bool:
        """Say whether it is a list that reads best as a table: each entry a row of single values."""
        fields = self.item.fields if self.kind == "entries" and self.item else ()
        return bool(fields) and all(field.kind in SIMPLE for field in fields)


@cache
def outline() -> tuple[Spec, ...]:
    """Return the sections of a pack in the order of the file; what is said of the file itself is the first."""
    schema = Pack.model_json_schema()
    definitions = schema.get("$defs", {})
    fields = [_spec("Pack", name, node, definitions, schema) for name, node in schema["properties"].items()]
    about = tuple(field for field in fields if field.kind in SIMPLE)
    head = Spec("Pack", HEADER, "group", fields=about)
    return (head, *(field for field in fields if field.kind not in SIMPLE))


def section(name: str) -> Spec:
    """Return a section; KeyError where there is none of that name."""
    return {spec.name: spec for spec in outline()}[name]


def places(spec: Spec) -> Iterator[Spec]:
    """Yield a place and everything below it."""
    yield spec
    others = [field for _value, fields in spec.variants[1:] for field in fields if field.name != spec.by]
    for below in (*spec.fields, *others, *([spec.item] if spec.item else [])):
        yield from places(below)


def _spec(owner: str, name: str, node: Schema, definitions: Mapping[str, Schema], parent: Schema) -> Spec:
    """Return what a field's schema says."""
    default = name not in parent.get("required", ())
    node, none = _plain(node, definitions)
    kind = _kind(node, definitions)
    rest: dict[str, Any] = {}
    if kind == "group" and "oneOf" in node:
        rest |= _variants(name, node, definitions)
    elif kind == "group":
        rest["fields"] = _fields(name, node, definitions)
    elif kind in ("entries", "map", "lines"):
        below: Schema = node["items"] if node.get("type") == "array" else _keyed(node) or {}
        rest["item"] = _spec(owner, name, below, definitions, {"required": [name]})
    elif kind in ("choice", "choices"):
        rest["choices"] = _words(_plain(node["items"], definitions)[0] if kind == "choices" else node)
    elif kind == "number":
        rest |= {"minimum": node.get("minimum"), "maximum": node.get("maximum")}
    return Spec(owner, name, kind, default, none, **rest)


def _fields(name: str, node: Schema, definitions: Mapping[str, Schema]) -> tuple[Spec, ...]:
    owner = str(node.get("title", name))
    return tuple(_spec(owner, field, below, definitions, node) for field, below in node["properties"].items())


def _variants(name: str, node: Schema, definitions: Mapping[str, Schema]) -> dict[str, Any]:
    """Return the variants of a group, and those fields that stand for it as long as none is chosen."""
    by, mapping = node["discriminator"]["propertyName"], node["discriminator"]["mapping"]
    variants = []
    for value, reference in mapping.items():
        fields = _fields(name, _plain({"$ref": reference}, definitions)[0], definitions)
        replaced = tuple(replace(f, owner="", choices=tuple(mapping)) if f.name == by else f for f in fields)
        variants.append((value, replaced))
    return {"by": by, "variants": tuple(variants), "fields": variants[0][1]}


def _plain(node: Schema, definitions: Mapping[str, Schema]) -> tuple[Schema, bool]:
    """Return a schema without its references, and whether nothing may stand there."""
    if "$ref" in node:
        return _plain(definitions[node["$ref"].rpartition("/")[2]], definitions)
    either = [choice for choice in node.get("anyOf", ()) if choice.get("type") != "null"]
    none = len(either) < len(node.get("anyOf", ()))
    if none and either:
        return _plain(either[0] if len(either) == 1 else {"anyOf": either}, definitions)[0], True
    return node, False


_BY_TYPE: Mapping[str, Kind] = {"integer": "number", "number": "number", "boolean": "flag", "string": "text"}


def _kind(node: Schema, definitions: Mapping[str, Schema]) -> Kind:
    if _words(node):
        return "choice"
    if "discriminator" in node and "oneOf" in node:
        return "group"
    if node.get("anyOf") and all(part.get("type") in ("integer", "number") for part in node["anyOf"]):
        return "number"
    if node.get("type") == "object":
        if "properties" in node:
            return "group"
        return "map" if _keyed(node) else "raw"
    if node.get("type") == "array":
        return _list_kind(node, definitions)
    if node.get("format") == "date":
        return "day"
    return _BY_TYPE.get(str(node.get("type")), "raw")


def _keyed(node: Schema) -> Schema | None:
    """Return what stands under the keys of a table whose keys are free."""
    free = [node.get("additionalProperties"), *node.get("patternProperties", {}).values()]
    return next((below for below in free if isinstance(below, dict)), None)


def _list_kind(node: Schema, definitions: Mapping[str, Schema]) -> Kind:
    if not isinstance(node.get("items"), dict):
        return "raw"
    kind = _kind(_plain(node["items"], definitions)[0], definitions)
    if kind == "group":
        return "entries"
    if kind == "choice":
        return "choices"
    return "lines" if kind in SCALARS else "raw"


def _words(node: Schema) -> tuple[str, ...]:
    """Return the words among which a text is chosen."""
    words = node.get("enum", [node["const"]] if "const" in node else [])
    return tuple(words) if words and all(isinstance(word, str) for word in words) else ()
