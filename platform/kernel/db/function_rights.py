"""Who may run a function of the shared schema, applied to the database from kernel.db.grants.

PostgreSQL lets everybody run a new function; here nobody but the owner does, unless a line names who. A digest in the
function's comment says what was applied, as with tables (kernel.db.row_security).
"""

import hashlib
from collections.abc import Iterator

from django.db import connection
from psycopg import sql

from kernel.db import roles
from kernel.db.grants import FunctionGrants, function_grants

COMMENT_PREFIX = "grants "
NOBODY = FunctionGrants("nothing is declared")
# Without those of extensions, which are not ours to grant.
FUNCTIONS = """
SELECT p.proname, p.oid::regprocedure::text, coalesce(obj_description(p.oid, 'pg_proc'), '') FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
    AND NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
    )
    ORDER BY 2
"""


def apply() -> int:
    """Bring the rights on functions to what is declared; return how many functions had to change. The owner's, in its
    transaction.
    """
    changed, declared = 0, function_grants()
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        for name, signature, comment in cursor.fetchall():
            grants = declared.get(name, NOBODY)
            mark = COMMENT_PREFIX + hashlib.sha256(repr(grants).encode()).hexdigest()[:16]
            if comment != mark:
                whole = sql.SQL("; ").join(_statements(signature, grants, mark))
                cursor.execute(whole.as_string(connection.connection))
                changed += 1
    return changed


def _statements(signature: str, grants: FunctionGrants, mark: str) -> Iterator[sql.Composable]:
    function = sql.SQL(signature)  # as PostgreSQL itself writes it
    group, platform = sql.Identifier(roles.institutions_group()), sql.Identifier(roles.platform_role())
    live = sql.Identifier(roles.live_role())
    yield sql.SQL("REVOKE ALL ON FUNCTION {} FROM PUBLIC, {}, {}, {}").format(function, group, platform, live)
    for may, role in ((grants.institution, group), (grants.platform, platform)):
        if may:
            yield sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(function, role)
    yield sql.SQL("COMMENT ON FUNCTION {} IS {}").format(function, sql.Literal(mark))
