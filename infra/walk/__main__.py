"""`./nuoxing walk [--json]`: one trainee's whole life on the running server; exit 1 at the first step gone wrong."""

import argparse
import os
import random
import sys
from datetime import datetime

import httpx

from infra.walk import certificate_and_stars, commitment, testing, training
from infra.walk.browser import Browser, Unexpected
from infra.walk.context import WalkContext
from infra.walk.report import Report
from kernel import clock

CHAPTERS = (commitment.run, training.run, testing.run, certificate_and_stars.run)


def free_year(port: int) -> int:
    """Return the first year to come whose stars have not been published yet: each walk rates a year of its own.

    A year to come, because beat works in real time and must find nothing of the walk's that is due.
    """
    citizen = Browser(port)
    year = datetime.now(tz=clock.CHINA).year + 1
    while citizen.exists(f"/api/v1/rankings/{year}/"):
        year += 1
    return year


def main() -> int:
    """Walk, tell, and return the exit status."""
    parser = argparse.ArgumentParser(prog="nuoxing walk", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the report for machines")
    parser.add_argument("--port", type=int, default=int(os.environ.get("NUOXING_PORT", "8000")))
    options = parser.parse_args()
    report = Report(quiet=options.json)
    try:
        walk = WalkContext(options.port, report, free_year(options.port), random.Random())  # noqa: S311  # names, no secrets
        with walk:
            for chapter in CHAPTERS:
                chapter(walk)
    except (Unexpected, httpx.HTTPError) as fault:
        report.failed(str(fault))
    if options.json:
        print(report.as_json())
    return 1 if "failed" in report.results else 0


if __name__ == "__main__":
    sys.exit(main())
