"""Plays a backup into a database: pg_restore writes SQL, psql runs it, all in one transaction.

Alone, pg_restore could not empty the database in the same transaction.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

from honghui.kernel.errors import CannotRun
from honghui.kernel.postgres.binaries import Binaries
from honghui.kernel.postgres.failures import explain

_HEAD_LINES = 60

# As a new database has it. Waiting forever for a running application would look like hanging.
# pg_restore's BEGIN comes later and only makes a warning: it joins this transaction.
_EMPTY = b"""
BEGIN;
SET lock_timeout = '10s';
DO $$
DECLARE found name;
BEGIN
  FOR found IN SELECT nspname FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
  LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', found);
  END LOOP;
  PERFORM lo_unlink(oid) FROM pg_largeobject_metadata;
END $$;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
COMMENT ON SCHEMA public IS 'standard public schema';
"""


def play(
    tools: Binaries,
    file: Path,
    dbname: str,
    environment: dict[str, str],
    *,
    server: int,
    empty_first: bool,
) -> None:
    """Run the whole archive, or leave the database as it was."""
    read: list[str | Path] = [tools.tool("pg_restore"), "--exit-on-error", "--no-owner"]
    # Without this, pg_restore writes a COMMIT of its own after every batch of large objects.
    # With it, its only COMMIT is the last thing it writes: a broken run never commits.
    read += ["--single-transaction", "--file=-", file]
    write: list[str | Path] = [tools.tool("psql"), "--no-psqlrc", "--quiet", "--no-password"]
    write += ["--set=ON_ERROR_STOP=1", f"--dbname={dbname}"]
    with tempfile.TemporaryFile() as complaints:
        with (
            subprocess.Popen(read, stdout=subprocess.PIPE, stderr=complaints) as source,
            subprocess.Popen(
                write,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                env=environment,
            ) as target,
        ):
            whole = _feed(source, target, server=server, empty_first=empty_first)
        if not whole or target.returncode != 0:
            complaints.seek(0)
            raise _failure(complaints.read().decode("utf-8", "replace"), file)


def _feed(
    source: subprocess.Popen[bytes],
    target: subprocess.Popen[bytes],
    *,
    server: int,
    empty_first: bool,
) -> bool:
    """Send everything; whether pg_restore has come to its end, which is its COMMIT."""
    assert source.stdout is not None and target.stdin is not None
    whole = False
    try:
        if empty_first:
            target.stdin.write(_EMPTY)
        _copy_head(source.stdout, target.stdin, server)
        shutil.copyfileobj(source.stdout, target.stdin, 1024 * 1024)
        whole = source.wait() == 0
        target.stdin.close()  # without that COMMIT, the end of the input rolls all back
    except BrokenPipeError:
        whole = False  # psql has stopped at an error and said why
    finally:
        # What is still in the buffer cannot be sent: closing would raise again, and does later
        # in Popen if it is not done here.
        with suppress(BrokenPipeError):
            target.stdin.close()
        if source.poll() is None:
            source.kill()
        if not whole:
            target.kill()
    return whole


def _copy_head(source: IO[bytes], target: IO[bytes], server: int) -> None:
    # pg_restore since 17 sets this without asking whether an older server knows it.
    for _ in range(_HEAD_LINES):
        line = source.readline()
        if server >= 17 or not line.startswith(b"SET transaction_timeout"):
            target.write(line)


def _failure(said: str, file: Path) -> CannotRun:
    if "lock timeout" in said:
        return CannotRun(
            "restore.in_use",
            "The database is in use: its tables could not be emptied.",
            "Stop Honghui and everything else that is connected, then try again.",
        )
    error = explain("restore.failed", "Nothing was restored.", said, file.parent)
    if error.code == "restore.failed":
        error.hint = "The database is as it was before. Remove the cause, then try again."
    return error
