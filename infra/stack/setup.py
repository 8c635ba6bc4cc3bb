"""What a fresh clone needs before anything runs: uv, the virtual environment, the words, the front end.

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
from infra.stack.places import Places, here
from infra.stack.progress import Interrupted, Trouble, listen, run, say, speak_plainly, step

WITH_SETUP = {"up", "test", "walk", "bench", "code", "manage", "lock"}
"""The others (down, status, reset, logs) work in any checkout, however broken, under the bare Python."""

UV_LOCK = "requirements-uv.txt"
RUNTIME_LOCK = "requirements.txt"
DEVELOPMENT_LOCK = "requirements-dev.txt"


def main(arguments: list[str]) -> int:
    """Set up as much as the command needs, then become it."""
    speak_plainly()
    places = here()
    command = arguments[0] if arguments else "help"
    asks_how = arguments[1:] in (["-h"], ["--help"]) and command != "manage"
    if command not in WITH_SETUP or asks_how:
        os.execv(sys.executable, [sys.executable, "-m", "infra.stack", *arguments])
    listen()
    try:
        places.make_state()
        with locking.locked(places.state / "setup.lock", waiting=_say_waiting):
            set_up(places, development=command == "test", only_tools=command == "lock")
    except Trouble as no:
        say(f"\n{no}", to_stderr=True)
        return 1
    except Interrupted:
        say("\nStopped; nothing was left running.", to_stderr=True)
        return 130
    except PermissionError as no:
        say(f"\nNo permission: {no}. Was this checkout set up by another account?", to_stderr=True)
        return 1
    os.execv(places.python, [str(places.python), "-m", "infra.stack", *arguments])
    return 0


def set_up(places: Places, *, development: bool, only_tools: bool = False) -> None:
    """Bring the checkout to where its commands can run; each step is skipped when its inputs are unchanged."""
    tools(places)
    virtual_environment(places)
    if only_tools:
        return
    packages(places, development=development)
    project(places)
    try:
        words(places)
        frontend.build(places)
    except Trouble as no:
        if not development:
            raise
        # one run of the checks should tell everything: the check `frontend` builds again, and fails for this
        say(f"\n{no}\n", to_stderr=True)


def tools(places: Places) -> None:
    """uv at the pinned version, by pip --target: a bare Debian has no venv module and refuses a plain pip install."""
    lock = places.root / UV_LOCK
    stamp, wanted = Stamp(places.tools / ".nuoxing-stamp"), digest([lock], base=places.root)
    if stamp.is_(wanted) and places.uv.exists():
        return
    _need_pip()
    new = places.root / ".tools.new"
    shutil.rmtree(new, ignore_errors=True)
    with step("uv (by pip, into .tools)"):
        # TMPDIR: pip first unpacks elsewhere and then moves, which between file systems is a slow copy
        run(
            [sys.executable, "-m", "pip", "install", "--target", new, "--require-hashes", "--no-deps", "-r", lock],
            cwd=places.root, env=environment.for_setup(), log=places.logs / "setup.log",
            words="pip could not bring uv. Is this machine online, and does pip know its package index?",
        )  # fmt: skip
    shutil.rmtree(places.tools, ignore_errors=True)
    new.rename(places.tools)
    stamp.write(wanted)


def _need_pip() -> None:
    has_pip = subprocess.run(
        [sys.executable, "-m", "pip", "--version"], capture_output=True, check=False, stdin=subprocess.DEVNULL
    )
    if has_pip.returncode:
        raise Trouble(
            f"{sys.executable} has no pip, which set-up needs once. On Debian or Ubuntu: apt-get install python3-pip. "
            "Or name another Python 3.11 or later that has pip: NUOXING_PYTHON=/path/to/python3 ./nuoxing ..."
        )


def virtual_environment(places: Places) -> None:
    """An environment of this checkout; made anew when the checkout was moved or its Python is gone."""
    stamp = Stamp(places.venv / ".nuoxing-root")
    adopted = not stamp.read() and places.python.exists()
    if (stamp.is_(str(places.root)) or adopted) and _runs(places.python):
        if adopted:
            stamp.write(str(places.root))
        return
    with step("virtual environment"):
        run(
            [places.uv, "venv", "--clear", "--no-python-downloads", "--python", sys.executable, places.venv],
            cwd=places.root, env=environment.for_setup(), log=places.logs / "setup.log",
        )  # fmt: skip
    stamp.write(str(places.root))


def _runs(python: Path) -> bool:
    try:
        check = subprocess.run(
            [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"], capture_output=True, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:
        return False
    return check.returncode == 0


def packages(places: Places, *, development: bool) -> None:
    """The locked packages, by their hashes. An environment that once had the development ones keeps them."""
    stamp = Stamp(places.venv / ".nuoxing-packages")
    kind, _, installed = stamp.read().partition(" ")
    had_development = kind == DEVELOPMENT_LOCK or (not kind and (places.venv / "bin" / "pytest").exists())
    lock = places.root / (DEVELOPMENT_LOCK if development or had_development else RUNTIME_LOCK)
    wanted = digest([lock], base=places.root)
    if kind == lock.name and installed == wanted:
        return
    count = sum(not line.startswith((" ", "#")) for line in lock.read_text(encoding="utf-8").splitlines())
    stamp.clear()
    Stamp(places.venv / ".nuoxing-project").clear()
    with step(f"{count} locked packages ({lock.name})"):
        _install(places, lock)
    stamp.write(f"{lock.name} {wanted}")


def _install(places: Places, lock: Path) -> None:
    log, env = places.logs / "setup.log", environment.for_setup()
    uv: list[str | Path] = [places.uv, "pip", "sync", "--require-hashes", "--python", places.python, lock]
    try:
        run(uv, cwd=places.root, env=env, log=log)
    except Trouble as first:
        say("  .... uv could not; trying pip, which knows this site's settings but is slower")
        pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", places.python, "install", "--no-deps"]
        try:
            run([*pip, "--require-hashes", "-r", lock], cwd=places.root, env=env, log=log)
        except Trouble as second:
            raise Trouble(f"The packages could not be installed.\n{first}\n{second}") from None


def project(places: Places) -> None:
    """The project itself, in place: its packages become importable from wherever a command runs."""
    stamp = Stamp(places.venv / ".nuoxing-project")
    wanted = digest([places.root / "pyproject.toml"], str(places.root), base=places.root)
    if stamp.is_(wanted):
        return
    with step("the project, in place"):
        run(
            [places.uv, "pip", "install", "--offline", "--python", places.python, "--no-deps", "--no-build-isolation",
             "--editable", places.root],
            cwd=places.root, env=environment.for_setup(), log=places.logs / "setup.log",
        )  # fmt: skip
    stamp.write(wanted)


def words(places: Places) -> None:
    """The Chinese catalogue, for Django and for TypeScript."""
    sources = below(places.root / "locale", "*.po")
    wanted = digest([*sources, Path(__file__).with_name("messages.py")], base=places.root)
    stamp = Stamp(places.venv / ".nuoxing-words")
    products = [
        places.root / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo",
        places.frontend / "src" / "locale" / "zh-Hans.json",
    ]
    if stamp.is_(wanted) and all(path.exists() for path in products):
        return
    with step("the Chinese words"):
        run(
            [places.python, "-m", "infra.stack.messages"], cwd=places.root, env=environment.plain(),
            log=places.logs / "setup.log", words="The Chinese catalogue cannot be made",
        )  # fmt: skip
    stamp.write(wanted)


def _say_waiting() -> None:
    say("  .... another ./nuoxing is setting up this checkout; waiting for it")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
