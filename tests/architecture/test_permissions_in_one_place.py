"""Permission is read in one place: predicates stand in `rules.py`, roles are members of an enum, operations demand."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel.roles import Role

ROOT = Path(__file__).resolve().parents[2]
APPS = (ROOT / "platform", ROOT / "tenants")
KERNEL = ("platform/kernel/access.py", "platform/kernel/roles.py")
MEASURES = ("platform/shared/identity/queries/actors.py", "platform/shared/identity/adapters/tokens.py")
"""Where a session's level is measured, and that of the tokens that rest on it."""
LEADS = ("platform/kernel/web/http.py", "platform/kernel/web/addresses.py")
"""What leads a person on to the second factor knows its refusal, and raises it nowhere."""
COLUMNS = ("platform/config/tenant_grants.py", "tenants/courses/operations/editing.py", "tenants/courses/methods.py")
"""What names the column `teacher` of a class, which is called as the role is."""
FACTOR = ("SECOND_FACTOR", "SecondFactorNeeded")


def faults(source: str) -> set[str]:
    """Return what a source reads of a permission by hand: a role by its name, a grant, a level."""
    tree = ast.parse(source)
    members = {id(node) for line in _members(tree) for node in ast.walk(line)}
    return {fault for node in ast.walk(tree) if id(node) not in members and (fault := _fault(node))}


def _members(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield the members of enums: a duty or a cause may be called as a role is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from (line for line in node.body if isinstance(line, ast.Assign))


def _fault(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=str(name)) if name in Role.values:
            return f"{node.lineno}: role {name}"
        case ast.Call(func=ast.Attribute(value=who, attr="has" | "scopes" as verb)) if _is_actor(who):
            return f"{node.lineno}: .{verb}("
        case ast.Call(func=ast.Attribute(value=ast.Name(id="access"), attr="role" | "RoleRule" as verb)):
            return f"{node.lineno}: access.{verb}("
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in FACTOR:
            return f"{node.lineno}: {name}"
        case ast.Compare(left=left, comparators=others) if any(_is_level(side) for side in (left, *others)):
            return f"{node.lineno}: level"
        case _:
            return ""


def _is_actor(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id in ("by", "actor")) or (
        isinstance(node, ast.Attribute) and node.attr == "actor"
    )


def _is_level(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "level" and _is_actor(node.value)


def _allowed(name: str, fault: str) -> bool:
    if name in KERNEL or (name in MEASURES and fault.endswith("SECOND_FACTOR")):
        return True
    if name in LEADS:
        return fault.endswith("SecondFactorNeeded")
    if name in COLUMNS:
        return fault.endswith(": role teacher")
    if name == "platform/kernel/states.py":  # a move names its roles, and the kernel makes their rule
        return fault.endswith("access.RoleRule(")
    return name.endswith("/rules.py") and fault.endswith("(")


@pytest.mark.parametrize("base", APPS, ids=lambda base: base.name)
def test_no_permission_is_read_outside_the_rules(base: Path) -> None:
    wrong = {
        (name, fault)
        for path in sorted(base.rglob("*.py"))
        if "migrations" not in path.parts
        for name in [str(path.relative_to(ROOT))]
        for fault in faults(path.read_text())
        if not _allowed(name, fault)
    }
    assert wrong == set()


def test_planted_faults_are_found() -> None:
    planted = """
if by.level < 2:
    raise SecondFactorNeeded
if not request.actor.has(*OFFICERS) or by.scopes("principal"):
    raise access.Denied
may = access.role(Role.CASHIER)
class Duty(TextChoices):
    PROCTOR = "proctor", "on duty"
"""
    assert faults(planted) == {
        "2: level",
        "3: SecondFactorNeeded",
        "4: .has(",
        "4: .scopes(",
        "4: role principal",
        "6: access.role(",
    }
    assert not _allowed("platform/shared/bank/operations.py", "4: .has(")
    assert not _allowed("platform/shared/bank/rules.py", "4: role principal")
