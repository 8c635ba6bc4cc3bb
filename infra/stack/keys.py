"""The stack's own secret keys: made once, kept in secrets.env for its owner only."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from infra.stack.progress import StackError


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode("ascii")


KINDS: dict[str, Callable[[], str]] = {
    "NUOXING_SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "NUOXING_DATA_KEYS": lambda: f"1:{_key()}",
    "NUOXING_BLIND_KEY": _key,
    "NUOXING_AUDIT_KEYS": lambda: f"1:{_key()}",
    "NUOXING_STRIPE_FAKE_SECRET": lambda: f"whsec_{secrets.token_hex(16)}",
}


def load(path: Path) -> dict[str, str]:
    """The keys by name; those not there yet are made and written. A key once written is never replaced.

    Refuses a file it cannot read: going on with new keys would make what the old ones encrypted unreadable.
    """
    try:
        stored = parse(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        stored = {}
    except (OSError, ValueError) as error:
        raise StackError(f"Cannot read the keys in {path}: {error}") from error
    missing = {name: make() for name, make in KINDS.items() if name not in stored}
    if missing:
        write(path, stored | missing)
    return stored | missing


def parse(text: str) -> dict[str, str]:
    """NAME=value lines; empty lines and # comments are skipped."""
    pairs = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, equals, value = line.partition("=")
            if not equals:
                raise ValueError(f"a line without '=': {name[:12]}")
            pairs[name.strip()] = value.strip()
    return pairs


def write(path: Path, keys: dict[str, str]) -> None:
    """Put the file in place whole or not at all, mode 0600, on disk before anything is encrypted with it."""
    new = path.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as out:
        out.write("# Made by ./nuoxing. Whoever loses this file loses the personal data encrypted with it,\n")
        out.write("# and can no longer check the seals of the audit.\n")
        out.writelines(f"{name}={value}\n" for name, value in keys.items())
        out.flush()
        os.fsync(out.fileno())
    new.replace(path)
