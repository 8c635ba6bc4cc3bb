"""`pages` with the code of another revision: what that one lacks is laid into its checkout and run there.

`infra/bench/baseline` holds the same ten years and the same pages in the words of `d7855d4`, which had no such bench:
data to be laid there, not modules of this project. The checkout is there to be thrown away.
"""

import json
import os
import subprocess
from pathlib import Path

from infra.stack.paths import ROOT
from infra.stack.progress import StackError, say

BASELINE = ROOT / "infra" / "bench" / "baseline"
LAID = {
    "pages.py.txt": "infra/bench/pages.py",
    "province.py.txt": "infra/bench/decade/province.py",
    "school.py.txt": "infra/bench/decade/school.py",
}


def costs(root: Path, seed: int) -> dict[str, float]:
    """Return what a request of each page costs there, in seconds of processor time."""
    say(f"  .... pages of {root.name}", to_stderr=True)
    for part, place in LAID.items():
        target = root / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((BASELINE / part).read_bytes())
        (target.parent / "__init__.py").touch()
    env = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    env["PYTHONPATH"] = os.pathsep.join((str(root), str(root / "platform")))
    command = [str(root / ".venv" / "bin" / "python"), "-m", "infra.bench.pages", str(seed)]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StackError(f"The pages could not be measured in {root}:\n{done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
