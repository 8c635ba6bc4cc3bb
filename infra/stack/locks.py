"""`./nuoxing lock`: the requirement locks, made again from pyproject.toml: with hashes, without a registry's name."""

from infra.stack import environment
from infra.stack.paths import Paths
from infra.stack.progress import run, say, step

COMMON = (
    "--python-version", "3.11", "--universal", "--generate-hashes", "--no-annotate", "--no-header",
    "--no-emit-index-url", "--no-emit-find-links",
)  # fmt: skip


def make(paths: Paths, further: list[str]) -> int:
    """Lock what runs, then what is needed to develop, to the same versions. `--upgrade` is passed on."""
    steps = {
        "requirements.txt": ["--group", "build"],
        "requirements-dev.txt": ["--group", "build", "--group", "dev", "-c", "requirements.txt"],
    }
    for name, groups in steps.items():
        with step(name):
            run(
                [paths.uv, "pip", "compile", *COMMON, "pyproject.toml", *groups, *further, "-o", name],
                cwd=paths.root, env=environment.for_setup(), log=paths.logs / "lock.log",
            )  # fmt: skip
    say("Locked. The front end's lock is npm's: npm install --package-lock-only in frontend/.")
    return 0
