"""docs/permissions.md is true: each rule and each move answers every role as expected.toml says, and no other does."""

import importlib
import inspect
import pkgutil
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import shared
import tenants
from kernel import access, states, tenancy
from kernel.access import Actor, Grant, RoleRule
from kernel.errors import Refusal
from kernel.management.commands import draw_permissions
from kernel.roles import Role
from support.permission_cases import CASES, ELSEWHERE, Rule, holder, scope_of, somebody

FILE = Path(__file__).with_name("expected.toml")
EXPECTED: Mapping[str, Any] = tomllib.loads(FILE.read_text())
MAY = "may"
ACTS = {f"{app}.{act}": frozenset(by) for app, acts in EXPECTED["rules"].items() for act, by in acts.items()}


def _rules() -> Iterator[tuple[str, Rule]]:
    """Yield every rule of every app's rules.py by its name."""
    for package in (shared, tenants):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            try:
                module = importlib.import_module(f"{found.name}.rules")
            except ModuleNotFoundError:
                continue
            for name, value in vars(module).items():
                if isinstance(value, RoleRule) or (inspect.isfunction(value) and value.__module__ == module.__name__):
                    yield f"{found.name}.{name}", value


RULES = dict(_rules())


def rule_of(act: str) -> Rule:
    """Return the rule that an act of the file names."""
    return RULES[act.partition(":")[0]]


def answer(by: Actor, act: str, **more: Any) -> str:
    """Return what the kernel's verb says to `by`: "may", or the code of its refusal."""
    return _said(by, rule_of(act), **CASES.get(act, {}), **more)


def _said(by: Actor, rule: Rule, *args: Any, **facts: Any) -> str:
    try:
        access.demand(by, rule, *args, **facts)
    except Refusal as refusal:
        return refusal.code
    return MAY


def test_the_file_and_the_rules_name_the_same_acts() -> None:
    assert {act.partition(":")[0] for act in ACTS} == set(RULES)
    assert {act for act in ACTS if ":" in act} == set(CASES)
    assert {act for act in ACTS if ":" not in act} == {name for name, r in RULES.items() if isinstance(r, RoleRule)}


@pytest.mark.parametrize("act", sorted(ACTS))
def test_an_act_is_open_to_the_roles_of_the_file_and_to_no_other(act: str, public_db: None) -> None:
    assert {role for role in Role.values if answer(holder(role), act) == MAY} | _others(act) == ACTS[act] | (
        set(Role.values) if "person" in ACTS[act] else set()
    )


def _others(act: str) -> set[str]:
    kinds = {"person": somebody(level=1), "system": access.SYSTEM}
    return {kind for kind, actor in kinds.items() if answer(actor, act) == MAY}


@pytest.mark.parametrize("act", sorted(act for act, by in ACTS.items() if "person" not in by))
def test_a_missing_second_factor_and_nobody_are_refused_alike_everywhere(act: str, public_db: None) -> None:
    for role in Role.values:
        code = "second-factor-needed" if role in ACTS[act] else "denied"
        assert (role, answer(holder(role, level=1), act)) == (role, code)
    assert answer(access.ANONYMOUS, act) == "sign-in-needed"
    assert answer(somebody(), act) == "denied"


@pytest.mark.parametrize("act", sorted(act for act in ACTS if ":" not in act))
def test_a_role_counts_in_its_own_scope_alone(act: str, public_db: None) -> None:
    for role in ACTS[act] - {"system"}:
        assert answer(holder(role), act, scope=scope_of(role)) == MAY
        assert answer(holder(role, scope=ELSEWHERE), act, scope=scope_of(role)) == "denied"


@pytest.mark.parametrize("act", sorted(act for act in ACTS if ":" not in act))
def test_a_role_of_another_institution_counts_in_no_open_one(act: str, institutions: tuple[Any, Any]) -> None:
    scopes = [str(institution.organisation_id) for institution in institutions]
    for role in ACTS[act] - {"system"}:
        for here in institutions:
            with tenancy.open_institution(here):
                said = [scope for scope in scopes if answer(holder(role, scope=scope), act) == MAY]
            assert (role, said) == (role, [str(here.organisation_id)])


@pytest.mark.parametrize("act", sorted(act for act, by in ACTS.items() if by <= {"system"}))
def test_nobody_does_alone_what_takes_two_whatever_he_holds(act: str, public_db: None) -> None:
    everything = somebody(*(Grant(role, scope_of(role)) for role in Role.values))
    assert answer(everything, act) == "denied"


def test_the_file_and_the_charts_name_the_same_moves() -> None:
    named = {chart: set(moves) for chart, moves in EXPECTED["moves"].items()}
    assert named == {name: set(chart.by_name) for name, chart in states.charts.items() if "." not in name}


@pytest.mark.parametrize("name", sorted(EXPECTED["moves"]))
def test_a_move_is_open_from_the_states_and_to_the_roles_of_the_file(name: str, public_db: None) -> None:
    chart = states.charts[name]
    actors = {role: holder(role) for role in Role.values} | {"person": somebody(level=1), "system": access.SYSTEM}
    said: dict[str, dict[str, set[str]]] = {}
    for state in chart.states.values:
        for kind, actor in actors.items():
            for move in chart.offers(SimpleNamespace(**{chart.field: state}), actor).values():
                line = said.setdefault(move.name, {"from": set(), "by": set()})
                line["from"].add(state)
                line["by"].add(kind)
    anybody = set(Role.values)
    assert said == {
        move: {"from": set(line["from"]), "by": {*line["by"]} | (anybody if "person" in line["by"] else set())}
        for move, line in EXPECTED["moves"][name].items()
    }


@pytest.mark.parametrize("name", sorted(EXPECTED["moves"]))
def test_a_move_without_a_second_factor_is_refused_as_any_act(name: str, public_db: None) -> None:
    for move in states.charts[name].moves:
        for role in Role.values:
            by = EXPECTED["moves"][name][move.name]["by"]
            code = MAY if "person" in by else "second-factor-needed" if role in by else "denied"
            assert (move.name, role, _said(holder(role, level=1), states.may_make, move)) == (move.name, role, code)


def test_a_planted_difference_is_seen(monkeypatch: pytest.MonkeyPatch, public_db: None) -> None:
    monkeypatch.setitem(RULES, "tenants.billing.cashier", access.role(Role.CASHIER, Role.TEACHER))
    with pytest.raises(AssertionError):
        test_an_act_is_open_to_the_roles_of_the_file_and_to_no_other("tenants.billing.cashier", None)
    monkeypatch.setitem(RULES, "tenants.billing.gives_money_away", access.role(Role.CASHIER))
    with pytest.raises(AssertionError):
        test_the_file_and_the_rules_name_the_same_acts()


def test_the_page_is_drawn_from_the_file() -> None:
    assert draw_permissions.PAGE.read_text() == draw_permissions.page(EXPECTED)
