"""Command line of the stack: `python -m infra.stack COMMAND`, called by ./nuoxing."""

import argparse
import os
import sys
from collections.abc import Callable

from infra.stack import control, locking, locks, logs, programs, testing
from infra.stack.paths import Paths, here
from infra.stack.progress import Interrupted, StackError, handle_signals, replace_unprintable, say
from infra.stack.supervisor import Supervisor, UpOptions

USAGE = """Nuoxing: ./nuoxing COMMAND

  up [--demo] [--port N]   start everything here and stay; --demo loads a whole province to look at
  down                     stop it from another terminal
  status                   is it well? (exit 0 only when pages, worker and beat answer)
  logs [NAME] [-f]         what the processes wrote; -f goes on
  reset [--yes]            delete the database, the files, the keys and the logs
  code ACCOUNT             a demonstration account's second-factor code
  walk [...]               one trainee's whole life, over HTTP, against the running demonstration
  bench NAME [--json]      a bench on data of its own; --against REVISION: beside that one's, in turns
  manage ...               manage.py with the stack's environment

  test [--all] [--only CHECK] [pytest arguments]
                           ruff, mypy, import contracts, front end, pytest; CHECK: ruff mypy imports frontend pytest;
                           pytest takes all cores (up to four), -n 0 takes one process
  lock [--upgrade]         make the requirement locks again
"""


def up(paths: Paths, arguments: list[str]) -> int:
    """Start the stack and stay in the foreground."""
    parser = _parser("up")
    parser.epilog = "A second copy beside the first: --port, and NUOXING_STACK_HOME for its database, files and keys."
    parser.add_argument("--demo", action="store_true", help="load a whole province to look at")
    default = int(os.environ.get("NUOXING_PORT") or 8000)
    parser.add_argument("--port", type=int, default=default, help="default: NUOXING_PORT or 8000; else one of the next")
    options = parser.parse_args(arguments)
    if not 0 < options.port < 65536:
        raise StackError("A port is a number from 1 to 65535.")
    handle_signals()
    paths.make_state()
    lock_file = locking.try_lock(paths.up_lock)
    if lock_file is None:
        return control.second_up(paths, demo=options.demo)
    with lock_file:
        return Supervisor(paths, UpOptions(demo=options.demo, port=options.port)).up()


def down(paths: Paths, arguments: list[str]) -> int:
    """Stop the running stack."""
    _parser("down").parse_args(arguments)
    return control.down(paths)


def status(paths: Paths, arguments: list[str]) -> int:
    """Say whether the stack is well."""
    _parser("status").parse_args(arguments)
    return control.status(paths)


def reset(paths: Paths, arguments: list[str]) -> int:
    """Delete the state."""
    parser = _parser("reset")
    parser.add_argument("--yes", action="store_true")
    return control.reset(paths, sure=parser.parse_args(arguments).yes)


def show_logs(paths: Paths, arguments: list[str]) -> int:
    """Show the logs."""
    parser = _parser("logs")
    parser.add_argument("name", nargs="?")
    parser.add_argument("-f", "--follow", action="store_true")
    options = parser.parse_args(arguments)
    handle_signals()
    return logs.show(paths, name=options.name, follow=options.follow)


def test(paths: Paths, arguments: list[str]) -> int:
    """Run the checks."""
    parser = _parser("test", allow_abbrev=False)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    options, rest = parser.parse_known_args(arguments)
    choice = testing.Choice(only=testing.parse_checks(options.only), everything=options.all, pytest=tuple(rest))
    handle_signals()
    return testing.Tests(paths, choice).run()


COMMANDS: dict[str, Callable[[Paths, list[str]], int]] = {
    "up": up,
    "down": down,
    "status": status,
    "reset": reset,
    "logs": show_logs,
    "test": test,
    "walk": programs.walk,
    "bench": programs.bench,
    "code": programs.code,
    "manage": programs.manage,
    "lock": locks.make,
}


def _parser(command: str, *, allow_abbrev: bool = True) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog=f"./nuoxing {command}", allow_abbrev=allow_abbrev)


def main(arguments: list[str]) -> int:
    """Run one command; a foreseen no is a sentence and status 1, an unknown command the usage and status 2."""
    replace_unprintable()
    name, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if name in ("help", "--help", "-h"):
        say(USAGE)
        return 0
    if name not in COMMANDS:
        say(f"There is no command {name!r}.\n\n{USAGE}", to_stderr=True)
        return 2
    try:
        return COMMANDS[name](here(), rest)
    except StackError as error:
        say(f"\n{error}", to_stderr=True)
        return 1
    except (Interrupted, KeyboardInterrupt):
        say("\nStopped.", to_stderr=True)
        return 130
    except PermissionError as error:
        say(f"\nNo permission: {error}. Was this checkout's state made by another account?", to_stderr=True)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
