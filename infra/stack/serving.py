"""`python -m infra.stack.serving --port N --gate FILE`: the pages, got ready while the database is prepared.

All is imported at once, and nothing listens before the gate's file is there: who gets an answer gets the right one.
"""

import argparse
import os
import sys
import time
from pathlib import Path

import uvicorn

from infra.stack.ports import LOOPBACK

LOOK_SECONDS = 0.05
GRACEFUL_SECONDS = 5


def main(arguments: list[str]) -> int:
    """Import, wait, serve until asked to stop."""
    parser = argparse.ArgumentParser(prog="infra.stack.serving")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--gate", type=Path, required=True)
    given = parser.parse_args(arguments)
    from config.asgi import application  # sets Django up: seconds

    parent = os.getppid()
    while not given.gate.exists():
        if os.getppid() != parent:
            return 0  # whoever would open the gate is gone
        time.sleep(LOOK_SECONDS)
    uvicorn.run(
        application, host=LOOPBACK, port=given.port, lifespan="off", access_log=False,
        proxy_headers=False,  # kernel.web.callers alone says whose headers are believed
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
    )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
