"""manage.py for several commands in a row: the process that runs them is started once and sets Django up once."""

import json
import select
import subprocess
from collections.abc import Mapping
from pathlib import Path

from infra.stack.paths import Paths
from infra.stack.progress import COLOURS, Interrupted, StackError, stop_requested

END_SECONDS = 5.0
TAIL = 25


class Manager:
    """Runs management commands in `infra.stack.managing`; `close` ends it."""

    def __init__(self, paths: Paths, env: Mapping[str, str], log: Path) -> None:
        self.places = paths
        self.env = env
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    def __call__(self, *arguments: str, plain: bool = False) -> str:
        """Run a command and return what it wrote; StackError with its last lines where it fails, or with its words
        alone where it refuses in `plain` words; Interrupted as asked.
        """
        process = self.begin()
        assert process.stdin
        start = self.log.stat().st_size
        try:
            process.stdin.write(json.dumps(arguments).encode() + b"\n")
            process.stdin.flush()
            status = self._status(process)
        except BrokenPipeError:
            status = "ended"
        except BaseException:
            self.close()
            raise
        with self.log.open("rb") as written:
            written.seek(start)
            output = COLOURS.sub("", written.read().decode(errors="replace"))
        if status != "0":
            self.close()
            if plain and "CommandError: " in output:
                raise StackError(output.partition("CommandError: ")[2].strip())
            tail = "\n".join("      " + line for line in output.splitlines()[-TAIL:])
            raise StackError(f"manage.py {arguments[0]} failed ({status}). Its last lines:\n{tail}")
        return output

    def begin(self) -> "subprocess.Popen[bytes]":
        """Start the process, unless it runs; Django is set up at once."""
        if self._process is None:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            with self.log.open("ab") as out:
                self._process = subprocess.Popen(
                    [str(self.places.python), "-m", "infra.stack.managing"], cwd=self.places.root, env=dict(self.env),
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=out,
                )  # fmt: skip
        return self._process

    @staticmethod
    def _status(process: "subprocess.Popen[bytes]") -> str:
        assert process.stdout
        while not select.select([process.stdout], [], [], 0.1)[0]:
            if stop_requested.is_set():
                raise Interrupted
        return process.stdout.readline().decode().strip() or "ended"

    def close(self) -> None:
        """End the process; a command in its midst is stopped."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(timeout=END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()
