"""The unprivileged account for PostgreSQL, which refuses to run as root, and the folders that account may reach."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from infra.stack.progress import StackError


class PopenOptions(TypedDict, total=False):
    """Arguments with which subprocess starts a process as another account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """The account that PostgreSQL runs as; `dropped` when we are root and it is not us."""

    uid: int
    gid: int
    unprivileged: bool

    @property
    def popen_options(self) -> PopenOptions:
        return PopenOptions(user=self.uid, group=self.gid, extra_groups=[]) if self.unprivileged else PopenOptions()

    def make_private(self, folder: Path) -> None:
        """Make this folder the account's alone (0700); refuses a symbolic link or somebody else's folder."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if folder.is_symlink() or not folder.is_dir():
            raise StackError(f"{folder} is in the way: it should be an ordinary folder of ours.")
        if folder.stat().st_uid == os.geteuid() and self.unprivileged:
            os.chown(folder, self.uid, self.gid)
        if folder.stat().st_uid != self.uid:
            raise StackError(f"{folder} belongs to another account; remove it, or run as the account that made it.")
        folder.chmod(0o700)

    def chown(self, path: Path) -> None:
        """Let the account have this file."""
        if self.unprivileged:
            os.chown(path, self.uid, self.gid)

    def chown_tree(self, folder: Path) -> None:
        """Hand a whole folder to the account: an earlier root run may have dropped to another one."""
        if self.unprivileged and folder.exists() and folder.lstat().st_uid != self.uid:
            for parent, folders, files in os.walk(folder):
                for name in (*folders, *files):
                    os.chown(Path(parent, name), self.uid, self.gid, follow_symlinks=False)
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)


def account_for_postgres(data: Path) -> Account:
    """Us; as root $EMBEDDED_PG_USER, else whoever owns the data folder already, else `postgres`, else `nobody`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), unprivileged=False)
    user = os.environ.get("EMBEDDED_PG_USER")
    if not user and data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid, unprivileged=True)
    for name in [user] if user else ["postgres", "nobody"]:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid, unprivileged=True)
    raise StackError(
        f"PostgreSQL does not run as root, and there is no unprivileged account {user or 'postgres or nobody'} here. "
        "Name one in EMBEDDED_PG_USER, or run this as an ordinary user."
    )


def reachable_by_others(path: Path) -> bool:
    """Say whether any account may walk down to this path (as far as it exists)."""
    while not path.exists():
        path = path.parent
    return all(folder.stat().st_mode & 0o001 for folder in [path, *path.parents])
