"""The locks pin everything by its hash, and name no registry: each site fetches from its own."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = sorted(ROOT.glob("requirements*.txt"))


def test_all_three_locks_are_there() -> None:
    assert [path.name for path in REQUIREMENTS] == ["requirements-dev.txt", "requirements-uv.txt", "requirements.txt"]


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_a_requirements_lock_holds_no_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert [line for line in text.splitlines() if "://" in line or line.startswith("-")] == []


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_every_package_is_pinned_with_hashes(path: Path) -> None:
    entries = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())

    loose = [
        entry.split()[0]
        for entry in entries
        if not re.match(r"[\w.\[\],-]+==\S+( ;.*?)? \\\n", entry) or "--hash=sha256:" not in entry
    ]
    assert loose == []


def test_what_runs_and_what_develops_are_the_same_versions() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+==\S+", (ROOT / name).read_text(encoding="utf-8"), re.M))

    assert pins("requirements.txt") - pins("requirements-dev.txt") == set()


def test_the_front_ends_lock_names_no_registry_and_pins_by_hash() -> None:
    text = (ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: package for name, package in json.loads(text)["packages"].items() if name}

    assert '"resolved"' not in text
    assert [
        name for name, package in packages.items() if "integrity" not in package and "inBundle" not in package
    ] == []


def test_npm_is_told_to_keep_it_so() -> None:
    settings = (ROOT / "frontend" / ".npmrc").read_text(encoding="utf-8").splitlines()

    assert "omit-lockfile-registry-resolved=true" in settings
    assert [line for line in settings if "registry=" in line or "://" in line] == []
