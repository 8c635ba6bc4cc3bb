"""No column of any table is undecided: personal with its reasons, or not personal with one."""

from pathlib import Path

from django.apps import apps
from django.core.management import call_command

from kernel.fields import MASKS
from shared.privacy.methods import register
from shared.privacy.queries import register as privacy_register

ROOT = Path(__file__).resolve().parents[2]


def test_every_column_is_declared_personal_or_said_to_be_plain_and_never_both() -> None:
    assert privacy_register.undeclared_columns() == []


def _personal() -> list[tuple[str, object]]:
    return [
        (privacy_register.name_of(field), declared)
        for model in privacy_register.registered_models()
        for field in model._meta.concrete_fields
        if (declared := privacy_register.declaration(field)) is not None
    ]


def test_every_word_of_a_declaration_has_its_chinese() -> None:
    book = register()
    words_used = {word for _name, d in _personal() for word in (d.purpose, d.basis)}  # type: ignore[attr-defined]
    assert sorted(words_used - set(book.words)) == []
    assert sorted(set(book.words) - words_used) == []


def test_every_personal_column_has_a_name_for_people() -> None:
    book = register()
    assert sorted({name.rpartition(".")[2] for name, _d in _personal()} - set(book.columns)) == []


def test_every_term_of_a_declaration_is_a_term_of_the_register() -> None:
    book = register()
    assert [name for name, d in _personal() if book.term_of(d.retention) is None] == []  # type: ignore[attr-defined]
    assert [name for name, d in _personal() if d.mask not in MASKS] == []  # type: ignore[attr-defined]


def test_every_table_with_personal_data_stands_in_the_register_and_says_how_its_rows_are_found() -> None:
    book = register()
    tables = {name.rpartition(".")[0] for name, _d in _personal()}
    assert sorted(tables - set(book.tables)) == []
    assert [t.label for t in book.tables.values() if not t.people and not (t.untraced and t.untraced_en)] == []


def test_what_the_register_names_exists() -> None:
    book = register()
    wrong = []
    for table in book.tables.values():
        names = {f.name for f in apps.get_model(table.label)._meta.concrete_fields}
        wrong += [f"{table.label}.{c}" for columns in table.people.values() for c in columns if c not in names]
        wrong += [f"{table.label}.{c}" for columns in table.people.values() for c in columns if c not in book.columns]
        wrong += [] if table.retention in book.terms else [f"{table.label}: {table.retention}"]
    every = {privacy_register.name_of(f) for m in privacy_register.registered_models() for f in m._meta.concrete_fields}
    wrong += sorted(set(book.package_columns) - every)
    wrong += sorted({field for rule in book.plain for field in rule.fields} - every)
    wrong += [p for rule in book.plain for p in rule.columns if not any(rule.covers(name) for name in every)]
    assert wrong == []


def test_the_table_of_the_documentation_is_up_to_date() -> None:
    call_command("draw_register", check=True, file=str(ROOT / "docs" / "privacy.md"))
