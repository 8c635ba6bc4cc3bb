"""Every column and every field of a form has bounds: what is taken can be kept, and what is kept can be read back."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from kernel.db import bounds

ROOT = Path(settings.ROOT)
MADE = re.compile(r"\b(forms|filters)\.\w+(Field|Filter)\(")
OURS = ("kernel", "shared", "tenants")
BOUNDED_BY_TYPE = {
    "AutoField", "BigAutoField", "BigIntegerField", "IntegerField", "SmallIntegerField", "PositiveIntegerField",
    "PositiveSmallIntegerField", "BooleanField", "UUIDField", "ForeignKey", "OneToOneField", "ManyToManyField",
    "GeneratedField",
}  # fmt: skip
BOUNDED_BY_LENGTH = {"CharField", "SlugField", "EmailField"}
NEEDS = {
    "CharField": {"max_length"},
    "EmailField": {"max_length"},
    "URLField": {"max_length"},
    "CharFilter": {"max_length"},
    "IntegerField": {"min_value", "max_value"},
    "DecimalField": {"min_value", "max_value"},
    "FloatField": {"min_value", "max_value"},
    "NumberFilter": {"min_value", "max_value"},
    "DurationField": {"min_value", "max_value"},
}
INSTEAD = {
    "DateField": "kernel.web.forms.DayField",
    "DateTimeField": "kernel.web.forms.MomentField",
    "TimeField": "a field with bounds in kernel.web.forms",
    "JSONField": "text read by kernel.web.bodies.read_json",
    "DateFilter": "a filter over kernel.web.forms.DayField",
}


def _fields() -> Iterator[tuple[str, Any]]:
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.split(".")[0] in OURS:
            for field in model._meta.local_concrete_fields:
                yield f"{model._meta.label}.{field.name}", field


def _is_bounded(field: Any) -> bool:
    kind = field.get_internal_type()
    if kind in BOUNDED_BY_LENGTH:
        return field.max_length is not None
    return kind in BOUNDED_BY_TYPE or bounds.condition_of(field) is not None


def test_no_column_is_without_bounds() -> None:
    assert [name for name, field in _fields() if not _is_bounded(field)] == []


def test_a_text_without_a_length_and_a_kind_that_nobody_knows_are_seen() -> None:
    class PointField(models.IntegerField):  # type: ignore[type-arg]  # the runtime takes no parameters
        def get_internal_type(self) -> str:
            return "PointField"

    text: Any = models.TextField()
    for field in (text, PointField()):
        field.set_attributes_from_name("made_up")
        assert not _is_bounded(field)


UNBOUND = """
SELECT c.relname || '.' || a.attname
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
   AND a.attgenerated = ''
   AND (a.atttypid = ANY ('{date,timestamptz,timestamp,interval,time,numeric,jsonb,json,bytea}'::regtype[])
        OR a.attndims > 0 OR a.atttypid = 'text'::regtype AND c.relname = ANY (%s))
   AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conrelid = c.oid AND o.contype = 'c' AND o.convalidated
                      AND a.attnum = ANY (o.conkey) AND o.conname = c.relname || '_bounds')
 ORDER BY 1
"""


@pytest.mark.parametrize("schema", ["public", "t_alpha"])
def test_the_database_holds_the_bounds_of_every_column(institutions: Any, public_db: None, schema: str) -> None:
    ours = [model._meta.db_table for model in apps.get_models() if model.__module__.split(".")[0] in OURS]
    with connection.cursor() as cursor:
        cursor.execute(UNBOUND, [schema, ours])
        assert [name for (name,) in cursor.fetchall()] == []


def _calls() -> Iterator[tuple[str, str, set[str]]]:
    """Yield where a field of a form or filter is made, its kind, and the names of what it is given."""
    for side in ("platform", "tenants"):
        for path in (ROOT / side).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            text = path.read_text(encoding="utf-8")
            for node in ast.walk(ast.parse(text)) if MADE.search(text) else ():
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    owner = node.func.value
                    if isinstance(owner, ast.Name) and owner.id in ("forms", "filters", "django_filters"):
                        names = {keyword.arg or "**" for keyword in node.keywords}
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", node.func.attr, names


def test_every_field_of_a_form_has_bounds() -> None:
    calls = list(_calls())
    lacking = [
        f"{where}: {kind} without {', '.join(sorted(NEEDS[kind] - names))}"
        for where, kind, names in calls
        if kind in NEEDS and not names >= NEEDS[kind]
    ]
    other = [f"{where}: use {INSTEAD[kind]}" for where, kind, _names in calls if kind in INSTEAD]
    assert lacking + other == []
