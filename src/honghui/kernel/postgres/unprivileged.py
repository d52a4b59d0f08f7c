"""As whom PostgreSQL's programs run. PostgreSQL refuses to run as root, so root steps down.

No account is made and no existing folder changes its permissions:
self       a plain user runs the programs directly;
namespace  root runs them in a user namespace where it is number 1000: files stay root's own;
nobody     root runs them as the account "nobody", where user namespaces are forbidden.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from honghui.kernel.errors import CannotRun

Way = Literal["self", "namespace", "nobody"]

_NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")


@dataclass(frozen=True)
class Runner:
    """Runs programs in one of the three ways. uid owns the server's files, seen from outside."""

    way: Way
    uid: int
    gid: int

    def run(
        self, command: Sequence[str | Path], *, pass_fds: Sequence[int] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run to the end; output as text, standard error mixed in."""
        stepped_down = self.way == "nobody"
        prefix = _NAMESPACE if self.way == "namespace" else ()
        return subprocess.run(
            [*prefix, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            cwd="/",  # the caller's folder may be closed to the user we become
            env=_environment(),
            umask=0o077,
            pass_fds=pass_fds,
            # Ctrl-C reaches the whole session of the terminal; the server leaves it.
            start_new_session=True,
            user=self.uid if stepped_down else None,
            group=self.gid if stepped_down else None,
            extra_groups=[] if stepped_down else None,
        )

    def can_enter(self, path: Path) -> bool:
        """Whether this user gets through all folders to `path` and may enter or execute it."""
        # Only a process that has stepped down can tell: root itself may enter everything.
        return self.run(["test", "-x", path]).returncode == 0


def choose_runner(owner: int | None) -> Runner:
    """The way to run, given who owns the existing database (None: there is none yet)."""
    wish = os.environ.get("HONGHUI_PG_AS", "")
    if wish not in ("", "self", "namespace", "nobody"):
        raise CannotRun(
            "database.unknown_way",
            f"HONGHUI_PG_AS is {wish!r}, which is not a way to run the database.",
            "Use namespace, nobody or self, or unset it.",
        )
    return _for_root(wish, owner) if os.geteuid() == 0 else _for_plain_user(wish)


def user_name(uid: int) -> str:
    """The account's name, or its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"number {uid}"


def _for_plain_user(wish: str) -> Runner:
    if wish == "nobody":
        raise CannotRun(
            "database.not_root",
            "HONGHUI_PG_AS=nobody needs root: only root can become another user.",
            "Unset HONGHUI_PG_AS.",
        )
    if wish == "namespace":
        return _namespace_or_refuse()
    return Runner("self", os.geteuid(), os.getegid())


def _for_root(wish: str, owner: int | None) -> Runner:
    if wish == "self":
        raise CannotRun(
            "database.as_root",
            "HONGHUI_PG_AS=self cannot be used by root: PostgreSQL refuses to run as root.",
            "Unset HONGHUI_PG_AS, or start Honghui as a plain user.",
        )
    if wish == "namespace":
        return _namespace_or_refuse()
    # A database once made for "nobody" stays with it, even if namespaces work by now.
    nobody = _nobody()
    if wish == "nobody" or (nobody and owner == nobody.uid) or not _namespaces_work():
        if nobody is None:
            raise CannotRun(
                "database.no_account",
                "Root cannot run PostgreSQL here: user namespaces are forbidden"
                ' and there is no account "nobody".',
                "Start Honghui as a plain user, or set DATABASE_URL.",
            )
        return nobody
    return _namespace()


def _namespace() -> Runner:
    return Runner("namespace", os.geteuid(), os.getegid())


def _namespace_or_refuse() -> Runner:
    if not _namespaces_work():
        raise CannotRun(
            "database.no_namespace",
            "HONGHUI_PG_AS=namespace, but user namespaces cannot be used on this machine.",
            "Unset HONGHUI_PG_AS.",
        )
    return _namespace()


def _nobody() -> Runner | None:
    try:
        account = pwd.getpwnam("nobody")
    except KeyError:
        return None
    return Runner("nobody", account.pw_uid, account.pw_gid)


def _namespaces_work() -> bool:
    try:
        return _namespace().run(["true"]).returncode == 0
    except OSError:  # no such program, or one that the kernel will not start
        return False


def _environment() -> dict[str, str]:
    # PG* variables of the caller (PGDATA, PGOPTIONS, ...) must not steer our server, and its
    # messages are read by failures.py: always the English ones.
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PG", "LC_")) and name not in ("LANG", "LANGUAGE", "HOME")
    }
    return {**kept, "LC_ALL": "C", "HOME": "/"}
