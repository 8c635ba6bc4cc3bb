"""`pages` with the code of another revision: what a checkout lacks of this bench is laid into it and run there.

The checkout is there to be thrown away. Where it names models otherwise, `decade` is to be kept for it in its words.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from infra.bench.database import bench_database
from infra.stack.paths import ROOT
from infra.stack.progress import StackError

LAID = (
    "infra/bench/pages.py",
    "infra/bench/elsewhere.py",
    "infra/bench/ground.py",
    "infra/bench/servers.py",
    "infra/bench/decade/__init__.py",
    "infra/bench/decade/province.py",
    "infra/bench/decade/school.py",
    "infra/stack/processes.py",
)


def costs(root: Path, seed: int) -> dict[str, float]:
    """Return what a request of each page costs there, in seconds of processor time."""
    for part in LAID:
        target = root / part
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / part).read_bytes())
    env = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    env["PYTHONPATH"] = os.pathsep.join((str(root), str(root / "platform")))
    command = [str(root / ".venv" / "bin" / "python"), "-m", "infra.bench.elsewhere", str(seed)]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StackError(f"The pages could not be measured in {root}:\n{done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    with bench_database("pages") as theirs:
        from infra.bench import pages  # Django reads the environment when it is imported, and that is whole only now

        print(json.dumps(pages.measure(theirs, pages.prepare(int(sys.argv[1])), bare=False)))
