"""One trainee's whole life against the running stack, twice, and again after a process was killed."""

import json
import os
import signal
import subprocess
import time

import pytest

pytestmark = pytest.mark.stack


def _walk(stack) -> dict:
    done = stack.command("walk", "--json")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def report(stack) -> dict:
    return _walk(stack)


def test_the_walk_reaches_the_public_ranking(report):
    assert report["ranking_url"].startswith("http://nuoxing.localhost")
    assert report["certificate_url"].startswith("http://nuoxing.localhost")


def test_every_step_names_its_clause_its_time_and_what_was_seen(report):
    assert len(report["steps"]) >= 20
    for step in report["steps"]:
        assert step["name"]
        assert step["clause"]
        assert step["excerpt"]
        assert step["seconds"] >= 0


def test_the_walk_can_be_walked_again_after_the_web_process_was_killed(stack, report):
    pids = subprocess.run(["pgrep", "-f", f"uvicorn config.asgi.*{stack.port}"], capture_output=True, text=True)
    for pid in pids.stdout.split():
        os.kill(int(pid), signal.SIGKILL)
    for _n in range(60):
        if stack.command("status").returncode == 0:
            break
        time.sleep(1)
    again = _walk(stack)
    assert [s["name"] for s in again["steps"]] == [s["name"] for s in report["steps"]]
    assert again["certificate_url"] != report["certificate_url"]


def test_the_notes_of_the_whole_life_are_one_unbroken_chain(stack, report):
    done = stack.command("manage", "verify_audit")
    assert done.returncode == 0, done.stdout + done.stderr
