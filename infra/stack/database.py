"""`python -m infra.stack.database`: makes the database of $DATABASE_URL and, for Celery's broker, the pgmq schema.

A program of its own: it needs psycopg and pgmq, the supervisor needs nothing.
"""

import os
import sys

import psycopg
from pgmq.install import get_embedded_install_sql
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

TOO_OLD = (
    "This database was made before the first migrations were written anew, and cannot be brought up to date."
    " `./nuoxing reset` empties the state folder; what is worth keeping must be exported by the release that made it."
)


def main() -> int:
    """Print what was made, one word a line; on a foreseen no, one sentence on standard error and status 1."""
    url = os.environ["DATABASE_URL"]
    try:
        if make_database(url):
            print("database")
        elif is_too_old(url):
            print(TOO_OLD, file=sys.stderr)
            return 1
        if not os.environ.get("REDIS_URL") and install_queue(url):
            print("pgmq")
    except psycopg.Error as error:
        print(f"The database of DATABASE_URL is not to be used: {str(error).strip()}", file=sys.stderr)
        return 1
    return 0


def make_database(url: str) -> bool:
    """Create the database if its server does not know it; says whether it did."""
    parts = conninfo_to_dict(url)
    name = str(parts.get("dbname") or "nuoxing")
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        # libpq gives no SQLSTATE for a refused connection: ask the server itself
        if not _lacks(url, name):
            raise error
    else:
        return False
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return True


def is_too_old(url: str) -> bool:
    """Say whether a release before the first kept migrations made the tables: the audit stood in another app then."""
    with psycopg.connect(url, connect_timeout=10) as connection:
        return connection.execute("SELECT to_regclass('public.records_auditentry')").fetchone() != (None,)


def _lacks(url: str, name: str) -> bool:
    with psycopg.connect(make_conninfo(url, dbname="postgres"), connect_timeout=10) as connection:
        return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None


def install_queue(url: str) -> bool:
    """Install pgmq as plain SQL, in one transaction, if its schema is absent; says whether it did."""
    with psycopg.connect(url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('nuoxing: pgmq'))")
        if connection.execute("SELECT to_regnamespace('pgmq')").fetchone() != (None,):
            return False
        connection.execute(get_embedded_install_sql().encode())
    return True


if __name__ == "__main__":
    sys.exit(main())
