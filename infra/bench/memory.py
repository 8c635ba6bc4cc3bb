"""Hidden costs of schemas: rows of the catalogue, bytes on disk, memory of a backend that read many."""

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg import sql

from infra.bench import fixtures  # noqa: F401  # sets Django up, which what follows needs
from kernel.db.schemas import catalogue

from django.db import connection  # isort: skip  # as above

MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Relations in the catalogue, and megabytes of the database."""

    relations: float
    megabytes: float

    @classmethod
    def now(cls) -> "Catalogue":
        """Return both as they are now."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT (SELECT count(*) FROM pg_class), pg_database_size(current_database())")
            relations, size = cursor.fetchone()
        return cls(float(relations), size / MB)

    def per(self, number: int, before: "Catalogue") -> "Catalogue":
        """Return what one of so many added."""
        return Catalogue((self.relations - before.relations) / number, (self.megabytes - before.megabytes) / number)


def of_a_backend(url: str, names: Sequence[str]) -> float:
    """Return how many megabytes a connection has grown by after it read every table of these schemas once."""
    tables = catalogue.tables(names[0])
    with psycopg.connect(url, autocommit=True) as plain:
        before = _memory_in_use(plain)
        for name in names:
            reads = [sql.SQL("SELECT FROM {} LIMIT 0").format(sql.Identifier(name, table)) for table in tables]
            plain.execute(sql.SQL("; ").join(reads))
        return (_memory_in_use(plain) - before) / MB


def _memory_in_use(plain: "psycopg.Connection[tuple[int]]") -> int:
    row = plain.execute("SELECT sum(total_bytes)::bigint FROM pg_backend_memory_contexts").fetchone()
    return row[0] if row else 0
