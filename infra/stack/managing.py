"""`python -m infra.stack.managing`: management commands, one after the other, in one process that sets Django up once.

A line on standard input is one command as a JSON list; a line on standard output is its status. What the commands write
goes to standard error, which the one who asks keeps in a log.
"""

import contextlib
import json
import os
import sys
import traceback
from typing import Any

WITHOUT_DATABASE = {"check_demo"}
"""Commands that are asked before there is one."""


def main() -> int:
    """Serve until standard input ends."""
    asked, answers = sys.stdin, os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    # what a command forks or asks must neither answer for us nor take the next question
    sys.stdin = open(os.devnull, encoding="ascii")  # noqa: SIM115 - it stays open
    import django  # it reads the environment and may speak: the streams are set first
    from django.core.management import ManagementUtility  # as above

    with contextlib.suppress(Exception, SystemExit):  # the first command tells what is wrong
        django.setup()
    for line in asked:
        status = _run(ManagementUtility(["manage.py", *json.loads(line)]))
        sys.stdout.flush()
        sys.stderr.flush()
        answers.write(f"{status}\n")
        answers.flush()
    return 0


def _run(utility: Any) -> int:
    try:
        utility.execute()
        if utility.argv[1] not in WITHOUT_DATABASE:
            _flush()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:
        traceback.print_exc()
        return 1
    return 0


def _flush() -> None:
    """Wait until what was committed is on disk, where the command did not: this commit waits for all before it."""
    import psycopg  # as above
    from django.conf import settings  # as above

    with psycopg.connect(settings.DATABASE_DSN) as connection:
        connection.execute("SET LOCAL synchronous_commit = on")
        connection.execute("SELECT pg_current_xact_id()")


if __name__ == "__main__":
    sys.exit(main())
