"""No coroutine holds a schema and then awaits the ORM: 908 of 1,000 reads came from the wrong institution that way."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

from django.db import models
from django.db.models.query import QuerySet

ROOT = Path(__file__).resolve().parents[2]
OURS = (ROOT / "platform", ROOT / "tenants")
OF_THE_ORM = {
    name
    for kind in (QuerySet, models.Manager, models.Model)
    for name in dir(kind)
    if name.startswith("a") and inspect.iscoroutinefunction(inspect.unwrap(getattr(kind, name)))
} | {"aiterator"}
OF_SCHEMAS = {
    "as_owner", "enter", "open_institution", "open_public", "schema_context", "set_schema", "set_schema_to_public",
    "set_tenant", "tenant_context",
}  # fmt: skip


def own_calls(coroutine: ast.AsyncFunctionDef) -> Iterator[ast.Call]:
    """Yield the calls that a coroutine itself makes; what stands in a function inside it runs elsewhere."""
    waiting: list[ast.AST] = list(coroutine.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call):
            yield node
        waiting.extend(ast.iter_child_nodes(node))


def holes(source: str) -> list[str]:
    """Return what the coroutines of a source must not call, by line."""
    faults = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.AsyncFunctionDef):
            continue
        for call in own_calls(node):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in OF_SCHEMAS or (name in OF_THE_ORM and isinstance(call.func, ast.Attribute)):
                faults.append(f"{call.lineno}: {name}")
    return faults


def test_no_coroutine_opens_a_schema_or_awaits_the_orm() -> None:
    faults_by_file = {
        str(source.relative_to(ROOT)): faults
        for base in OURS
        for source in sorted(base.rglob("*.py"))
        if (faults := holes(source.read_text()))
    }
    assert faults_by_file == {}


def test_planted_faults_are_found_and_one_synchronous_unit_is_not() -> None:
    assert {"aget", "acreate", "afirst", "asave", "adelete"} <= OF_THE_ORM
    planted = """
async def wrong(self):
    with tenancy.open_institution(a):
        row = await Row.objects.aget(pk=1)
    connection.set_schema("t_a")
    await row.asave()

async def right(self):
    def unit():
        with tenancy.open_institution(a):
            return Row.objects.get(pk=1)
    return await sync_to_async(unit)()
"""
    assert sorted(holes(planted)) == ["3: open_institution", "4: aget", "5: set_schema", "6: asave"]
