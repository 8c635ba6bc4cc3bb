"""The bounds of every column by its kind: what is stored can be read back, whoever wrote it.

PostgreSQL keeps days of the year 1 and of the year 294276, infinity, NaN and texts of a gigabyte; Python, a page or a
file can do little with them. Each table therefore has one CHECK, `<table>_bounds`, which our schema editor writes with
the table and anew with whatever changes its columns: a new table has its bounds by being made. Whole numbers are
bounded by their type, short texts by their length. Bounds are technical, never the law's: wide enough for whatever
anything here can mean.

One check a table and one operator a column (a range, not two comparisons): PostgreSQL reads the checks of a table anew
for every statement that writes to it, and keeps their text in every backend.
"""

from collections.abc import Iterable
from typing import Any

from django.db.backends.utils import truncate_name

from kernel import clock

ENDING = "_bounds"

FIRST_DAY = f"{clock.YEARS[0]}-01-01"
END_OF_DAYS = f"{clock.YEARS[-1] + 1}-01-01"
# A day wider at both ends: a moment is in one year here and in the next one in China.
FIRST_MOMENT = f"{clock.YEARS[0] - 1}-12-31 00:00:00+00"
END_OF_MOMENTS = f"{clock.YEARS[-1] + 1}-01-02 00:00:00+00"

MOST_BYTES = 16 * 1024 * 1024
"""Of a sealed value or a digest: a copy of all that is kept of a person is one."""
MOST_JSON = 4 * 1024 * 1024
"""Bytes of a JSON value as PostgreSQL keeps it: a whole policy pack takes a tenth."""
MOST_LEVELS = 100
"""Of a JSON value: what comes in has 64 at most (kernel.web.bodies), and is kept within something of ours."""
MOST_ELEMENTS = 10_000

_CONDITIONS = {
    "date": f"{{0}} <@ '[{FIRST_DAY},{END_OF_DAYS})'::daterange",
    "timestamptz": f"{{0}} <@ '[{FIRST_MOMENT},{END_OF_MOMENTS})'::tstzrange",
    "interval": "{0} BETWEEN '-100 years'::interval AND '100 years'::interval",
    "time": "{0} < '24:00'::time",
    "numeric": "{0} <> 'NaN'::numeric",
    "jsonb": f"pg_column_size({{0}}) <= CASE WHEN {{0}} @? '$.**{{{MOST_LEVELS + 1}}}' THEN 0 ELSE {MOST_JSON} END",
    "bytea": f"octet_length({{0}}) <= {MOST_BYTES}",
}
"""By the type of a column ({0}); what has no value passes, as in every CHECK."""
_TYPES = {
    "DateField": "date",
    "DateTimeField": "timestamptz",
    "DurationField": "interval",
    "TimeField": "time",
    "DecimalField": "numeric",
    "JSONField": "jsonb",
    "BinaryField": "bytea",
}
_ELEMENTS = f"cardinality({{0}}) <= {MOST_ELEMENTS}"
_LETTERS = "char_length({0}) <= {1}"


def condition_of(field: Any) -> str | None:
    """Return the condition of a model's field; None where its type is bound enough, or a text says no length."""
    kind, column = field.get_internal_type(), f'"{field.column}"'
    if kind in _TYPES:
        return _CONDITIONS[_TYPES[kind]].replace("{0}", column)
    if kind == "ArrayField":
        return _ELEMENTS.replace("{0}", column)
    if kind == "TextField" and field.max_length is not None:
        return _LETTERS.format(column, field.max_length)
    return None


def name_of(table: str) -> str:
    """Return the name of a table's check."""
    return truncate_name(f"{table}{ENDING}", 63)


def check_of(fields: Iterable[Any]) -> str | None:
    """Return the condition of all bounds of some fields of a table, None where there are none."""
    conditions = {field.column: condition_of(field) for field in fields if field.column}
    return " AND ".join(f"({one})" for _column, one in sorted(conditions.items()) if one) or None


_DECLARE = """
DO $bounds$
BEGIN
    ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name};
    ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check});
EXCEPTION WHEN check_violation THEN
    ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name};
    ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check}) NOT VALID;
    RAISE WARNING 'some rows of {table} are beyond its bounds, and stay as they are';
END
$bounds$
"""


def declare(table: str, fields: Iterable[Any]) -> str:
    """Return the statement that gives a table the bounds of these fields instead of those that it has.

    No row is changed and none stands in the way: where one is beyond its bound, the check counts for what is written
    from now on, and a warning names the table.
    """
    check = check_of(fields)
    if check is None:
        return drop(table)
    return _DECLARE.format(table=f'"{table}"', name=f'"{name_of(table)}"', check=check)


def drop(table: str, name: str = "") -> str:
    """Return the statement that takes a table's bounds away, those that are called `name` where that is said."""
    return f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name or name_of(table)}"'


_UPGRADE = """
DO $bounds$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT c.relname AS name, left(c.relname || '{ending}', 63) AS bounds,
               string_agg('(' || known.condition || ')', ' AND ' ORDER BY a.attname COLLATE "C") AS condition
          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
          CROSS JOIN LATERAL (SELECT CASE {cases} END AS condition) known
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0
           AND NOT a.attisdropped AND known.condition IS NOT NULL
           AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conrelid = c.oid
                              AND o.conname = left(c.relname || '{ending}', 63))
         GROUP BY c.relname ORDER BY c.relname
    LOOP
        BEGIN
            EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK (%s)', found.name, found.bounds, found.condition);
        EXCEPTION WHEN check_violation THEN
            EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK (%s) NOT VALID',
                           found.name, found.bounds, found.condition);
            RAISE WARNING 'some rows of % are beyond its bounds, and stay as they are', found.name;
        END;
    END LOOP;
END
$bounds$
"""


_DROP_UNNESTED = """
DO $bounds$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT o.conrelid::regclass::text AS name, o.conname AS bounds FROM pg_constraint o
         WHERE o.connamespace = current_schema()::regnamespace AND o.contype = 'c' AND o.conname LIKE '%\\{ending}'
           AND pg_get_constraintdef(o.oid) NOT LIKE '%@?%' AND EXISTS (
               SELECT FROM pg_attribute a WHERE a.attrelid = o.conrelid AND a.atttypid = 'jsonb'::regtype
                  AND a.attnum > 0 AND NOT a.attisdropped)
         ORDER BY 1
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.name, found.bounds);
    END LOOP;
END
$bounds$
"""


def bound_levels(lengths: dict[str, int]) -> list[str]:
    """Return the statements that give tables of the open schema whose JSON had no limit of levels the bounds of now.

    `lengths` are of the texts of such tables, by table.column; rows are left alone as in `declare`.
    """
    return [_DROP_UNNESTED.format(ending=ENDING), *upgrade(lengths)]


def upgrade(lengths: dict[str, int]) -> list[str]:
    """Return the statement that gives tables of the open schema which were made before there were bounds theirs.

    `lengths` are of texts, by table.column. Rows are left alone as in `declare`.
    """
    quoted = "quote_ident(a.attname)"
    cases = [
        f"WHEN a.atttypid = '{kind}'::regtype THEN {_concatenation(condition, quoted)}"
        for kind, condition in _CONDITIONS.items()
    ]
    cases.append(f"WHEN a.attndims > 0 THEN {_concatenation(_ELEMENTS, quoted)}")
    for name, longest in lengths.items():
        condition = _concatenation(_LETTERS.replace("{1}", str(longest)), quoted)
        cases.append(f"WHEN c.relname || '.' || a.attname = '{name}' THEN {condition}")
    return [_UPGRADE.format(cases="\n               ".join(cases), ending=ENDING)]


def _concatenation(condition: str, column: str) -> str:
    """Return the SQL that makes a condition of a column whose name only the database knows."""
    literals = [f"'{part.replace(chr(39), chr(39) * 2)}'" for part in condition.split("{0}")]
    return f" || {column} || ".join(literals)
