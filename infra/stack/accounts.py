"""PostgreSQL refuses to run as root: the unprivileged account it gets, and the folders that account may reach."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from infra.stack.progress import Trouble


class Drop(TypedDict, total=False):
    """How subprocess starts a process as another account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """The account that PostgreSQL runs as; `dropped` when we are root and it is not us."""

    uid: int
    gid: int
    dropped: bool

    @property
    def drop(self) -> Drop:
        return Drop(user=self.uid, group=self.gid, extra_groups=[]) if self.dropped else Drop()

    def own(self, folder: Path) -> None:
        """Make this folder the account's alone (0700); refuses a symbolic link or somebody else's folder."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if folder.is_symlink() or not folder.is_dir():
            raise Trouble(f"{folder} is in the way: it should be an ordinary folder of ours.")
        if folder.stat().st_uid == os.geteuid() and self.dropped:
            os.chown(folder, self.uid, self.gid)
        if folder.stat().st_uid != self.uid:
            raise Trouble(f"{folder} belongs to another account; remove it, or run as the account that made it.")
        folder.chmod(0o700)

    def give(self, path: Path) -> None:
        """Let the account have this file."""
        if self.dropped:
            os.chown(path, self.uid, self.gid)

    def take_over(self, folder: Path) -> None:
        """Hand a whole folder to the account: an earlier root run may have dropped to another one."""
        if self.dropped and folder.exists() and folder.lstat().st_uid != self.uid:
            for parent, folders, files in os.walk(folder):
                for name in (*folders, *files):
                    os.chown(Path(parent, name), self.uid, self.gid, follow_symlinks=False)
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)


def account_for_postgres(data: Path) -> Account:
    """Us; as root $EMBEDDED_PG_USER, else whoever owns the data folder already, else `postgres`, else `nobody`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), dropped=False)
    named = os.environ.get("EMBEDDED_PG_USER")
    if not named and data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid, dropped=True)
    for name in [named] if named else ["postgres", "nobody"]:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid, dropped=True)
    raise Trouble(
        f"PostgreSQL does not run as root, and there is no unprivileged account {named or 'postgres or nobody'} here. "
        "Name one in EMBEDDED_PG_USER, or run this as an ordinary user."
    )


def reachable_by_others(path: Path) -> bool:
    """Whether any account may walk down to this path (as far as it exists)."""
    while not path.exists():
        path = path.parent
    return all(folder.stat().st_mode & 0o001 for folder in [path, *path.parents])
