"""Set-up of a fresh clone: uv, the virtual environment, the message catalogue, the front end.

Runs under the bare Python that ./nuoxing found, and ends by handing over to the virtual environment's. Each step leaves
a stamp of its inputs, so a second time costs nothing and needs no network.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from infra.stack import environment, frontend, locking
from infra.stack.digests import Stamp, below, digest
from infra.stack.paths import Paths, here
from infra.stack.progress import Interrupted, StackError, handle_signals, replace_unprintable, run, say, step

WITH_SETUP = {"up", "test", "walk", "bench", "code", "manage", "lock"}
"""The others (down, status, reset, logs) work in any checkout, however broken, under the bare Python."""

UV_LOCK = "requirements-uv.txt"
RUNTIME_LOCK = "requirements.txt"
DEVELOPMENT_LOCK = "requirements-dev.txt"


def main(arguments: list[str]) -> int:
    """Set up as much as the command needs, then become it."""
    replace_unprintable()
    paths = here()
    command = arguments[0] if arguments else "help"
    asks_how = arguments[1:] in (["-h"], ["--help"]) and command != "manage"
    if command not in WITH_SETUP or asks_how:
        os.execv(sys.executable, [sys.executable, "-m", "infra.stack", *arguments])
    handle_signals()
    try:
        paths.make_state()
        with locking.locked(paths.state / "setup.lock", waiting=_say_waiting):
            set_up(paths, development=command == "test", only_tools=command == "lock")
    except StackError as error:
        say(f"\n{error}", to_stderr=True)
        return 1
    except Interrupted:
        say("\nStopped; nothing was left running.", to_stderr=True)
        return 130
    except PermissionError as error:
        say(f"\nNo permission: {error}. Was this checkout set up by another account?", to_stderr=True)
        return 1
    os.execv(paths.python, [str(paths.python), "-m", "infra.stack", *arguments])
    return 0


def set_up(paths: Paths, *, development: bool, only_tools: bool = False) -> None:
    """Bring the checkout to where its commands can run; each step is skipped when its inputs are unchanged."""
    tools(paths)
    virtual_environment(paths)
    if only_tools:
        return
    packages(paths, development=development)
    project(paths)
    try:
        catalogue(paths)
        frontend.build(paths)
    except StackError as error:
        if not development:
            raise
        # one run of the checks should tell everything: the check `frontend` builds again, and fails for this
        say(f"\n{error}\n", to_stderr=True)


def tools(paths: Paths) -> None:
    """uv at the pinned version, by pip --target: a bare Debian has no venv module and refuses a plain pip install."""
    lock = paths.root / UV_LOCK
    stamp, inputs = Stamp(paths.tools / ".nuoxing-stamp"), digest([lock], base=paths.root)
    if stamp.is_(inputs) and paths.uv.exists():
        return
    _need_pip()
    new = paths.root / ".tools.new"
    shutil.rmtree(new, ignore_errors=True)
    with step("uv (by pip, into .tools)"):
        # TMPDIR: pip first unpacks elsewhere and then moves, which between file systems is a slow copy
        run(
            [sys.executable, "-m", "pip", "install", "--target", new, "--require-hashes", "--no-deps", "-r", lock],
            cwd=paths.root, env=environment.for_setup(), log=paths.logs / "setup.log",
            error_message="pip could not bring uv. Is this machine online, and does pip know its package index?",
        )  # fmt: skip
    shutil.rmtree(paths.tools, ignore_errors=True)
    new.rename(paths.tools)
    stamp.write(inputs)


def _need_pip() -> None:
    has_pip = subprocess.run(
        [sys.executable, "-m", "pip", "--version"], capture_output=True, check=False, stdin=subprocess.DEVNULL
    )
    if has_pip.returncode:
        raise StackError(
            f"{sys.executable} has no pip, which set-up needs once. On Debian or Ubuntu: apt-get install python3-pip. "
            "Or name another Python 3.11 or later that has pip: NUOXING_PYTHON=/path/to/python3 ./nuoxing ..."
        )


def virtual_environment(paths: Paths) -> None:
    """An environment of this checkout; made anew when the checkout was moved or its Python is gone."""
    stamp = Stamp(paths.venv / ".nuoxing-root")
    adopted = not stamp.read() and paths.python.exists()
    if (stamp.is_(str(paths.root)) or adopted) and _runs(paths.python):
        if adopted:
            stamp.write(str(paths.root))
        return
    with step("virtual environment"):
        run(
            [paths.uv, "venv", "--clear", "--no-python-downloads", "--python", sys.executable, paths.venv],
            cwd=paths.root, env=environment.for_setup(), log=paths.logs / "setup.log",
        )  # fmt: skip
    stamp.write(str(paths.root))


def _runs(python: Path) -> bool:
    try:
        check = subprocess.run(
            [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"], capture_output=True, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:
        return False
    return check.returncode == 0


def packages(paths: Paths, *, development: bool) -> None:
    """The locked packages, by their hashes. An environment that once had the development ones keeps them."""
    stamp = Stamp(paths.venv / ".nuoxing-packages")
    kind, _, installed = stamp.read().partition(" ")
    had_development = kind == DEVELOPMENT_LOCK or (not kind and (paths.venv / "bin" / "pytest").exists())
    lock = paths.root / (DEVELOPMENT_LOCK if development or had_development else RUNTIME_LOCK)
    inputs = digest([lock], "compiled", base=paths.root)
    if kind == lock.name and installed == inputs:
        return
    count = sum(not line.startswith((" ", "#")) for line in lock.read_text(encoding="utf-8").splitlines())
    stamp.clear()
    Stamp(paths.venv / ".nuoxing-project").clear()
    with step(f"{count} locked packages ({lock.name})"):
        _install(paths, lock)
    stamp.write(f"{lock.name} {inputs}")


def _install(paths: Paths, lock: Path) -> None:
    log, env = paths.logs / "setup.log", environment.for_setup()
    # compiled once, here: else each process that finds no bytecode compiles all that it imports, for seconds
    uv: list[str | Path] = [paths.uv, "pip", "sync", "--compile-bytecode", "--require-hashes", "--python", paths.python]
    uv.append(lock)
    try:
        run(uv, cwd=paths.root, env=env, log=log)
    except StackError as first:
        say("  .... uv could not; trying pip, which knows this site's settings but is slower")
        pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", paths.python, "install", "--no-deps"]
        try:
            run([*pip, "--require-hashes", "-r", lock], cwd=paths.root, env=env, log=log)
        except StackError as second:
            raise StackError(f"The packages could not be installed.\n{first}\n{second}") from None


def project(paths: Paths) -> None:
    """The project itself, in place: its packages become importable from wherever a command runs."""
    stamp = Stamp(paths.venv / ".nuoxing-project")
    inputs = digest([paths.root / "pyproject.toml"], str(paths.root), base=paths.root)
    if stamp.is_(inputs):
        return
    with step("the project, in place"):
        run(
            [paths.uv, "pip", "install", "--offline", "--python", paths.python, "--no-deps", "--no-build-isolation",
             "--editable", paths.root],
            cwd=paths.root, env=environment.for_setup(), log=paths.logs / "setup.log",
        )  # fmt: skip
    stamp.write(inputs)


def catalogue(paths: Paths) -> None:
    """The Chinese catalogue, for Django and for TypeScript."""
    sources = below(paths.root / "locale", "*.po")
    inputs = digest([*sources, Path(__file__).with_name("messages.py")], base=paths.root)
    stamp = Stamp(paths.venv / ".nuoxing-words")
    products = [
        paths.root / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo",
        paths.frontend / "src" / "locale" / "zh-Hans.json",
    ]
    if stamp.is_(inputs) and all(path.exists() for path in products):
        return
    with step("the Chinese catalogue"):
        run(
            [paths.python, "-m", "infra.stack.messages"], cwd=paths.root, env=environment.plain(),
            log=paths.logs / "setup.log", error_message="The Chinese catalogue cannot be made",
        )  # fmt: skip
    stamp.write(inputs)


def _say_waiting() -> None:
    say("  .... another ./nuoxing is setting up this checkout; waiting for it")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
