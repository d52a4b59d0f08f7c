"""Backup of a database into one file, and back. Works on any PostgreSQL URL."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from honghui.kernel.errors import CannotRun
from honghui.kernel.postgres.archive import Label, read_label, seal
from honghui.kernel.postgres.binaries import (
    Binaries,
    find_binaries,
    program_version,
    system_binaries,
)
from honghui.kernel.postgres.failures import explain, explained
from honghui.kernel.postgres.script import play

# What a person would call "something in it": own relations, functions, schemas and types.
_IS_EMPTY = """
SELECT NOT EXISTS (
  SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  UNION ALL
  SELECT 1 FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
   WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  UNION ALL
  SELECT 1 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
   WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  UNION ALL
  SELECT 1 FROM pg_namespace
   WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')
)
"""


def backup(url: str, file: Path, *, force: bool = False) -> Label:
    """Write the database behind `url` to `file`, whole or not at all."""
    file = file.absolute()
    _refuse_existing(file, force)
    server = _server_version(url)
    tools = choose_tools(_major(server))
    partial = file.with_name(f".{file.name}.part-{os.getpid()}")
    with explained(file.parent):
        try:
            # The file holds what the database holds: nobody else may read it, ever.
            os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            dbname, environment = connection_arguments(url)
            _run(
                [
                    *(tools.tool("pg_dump"), "--format=custom", "--no-owner", "--no-password"),
                    *(f"--file={partial}", f"--dbname={dbname}"),
                ],
                environment,
                partial.parent,
            )
            label = seal(
                partial,
                honghui=_own_version(),
                server=server,
                pg_dump=program_version(tools.tool("pg_dump")),
                made=datetime.now(UTC).isoformat(timespec="seconds"),
            )
            _refuse_existing(file, force)
            partial.replace(file)
            _sync_folder(file.parent)
        finally:
            partial.unlink(missing_ok=True)
    return label


def restore(url: str, file: Path, *, force: bool = False) -> Label:
    """Fill the empty database behind `url` from `file`, whole or not at all.

    With force a full database is emptied first, in the same transaction.
    """
    file = file.absolute()
    with explained(file):
        label = read_label(file)
    server = server_major(url)
    if label.server_major > server:
        raise CannotRun(
            "restore.newer_backup",
            f"The backup was made from PostgreSQL {label.server_major},"
            f" this database is version {server}.",
            f"Restore into PostgreSQL {label.server_major} or newer.",
        )
    if not force and not _is_empty(url):
        raise CannotRun(
            "restore.not_empty",
            "The database is not empty: a restore would mix two sets of data.",
            "Restore into an empty database, or use --force to erase what is there.",
        )
    # An archive can only be read by a pg_restore at least as new as the pg_dump that wrote it.
    tools = choose_tools(server, archive=_major(label.pg_dump))
    dbname, environment = connection_arguments(url)
    play(tools, file, dbname, environment, server=server, empty_first=force)
    with _connect(url) as connection:
        connection.execute("ANALYZE")
    return label


def choose_tools(server: int, archive: int = 0) -> Binaries:
    """Programs for a server of this major version: the same version if there is one, or newer."""
    needed = max(server, archive)
    candidates = [found for found in _all_tools() if found.major >= needed]
    if not candidates:
        raise CannotRun(
            "backup.old_tools",
            f"The database is PostgreSQL {server}, and no backup programs of version {needed}"
            " or newer are here.",
            f"Set HONGHUI_PG_BIN to the bin folder of PostgreSQL {needed}.",
        )
    return min(candidates, key=lambda found: found.major)


def server_major(url: str) -> int:
    """The major version of the server behind `url`."""
    return _major(_server_version(url))


def connection_arguments(url: str) -> tuple[str, dict[str, str]]:
    """A connection string without the password, and an environment that has it.

    Every user of the machine can read the arguments of a running program.
    """
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise CannotRun(
            "database.bad_url",
            f"The database URL cannot be read: {str(error).strip()}",
            "Correct DATABASE_URL, for instance postgresql://user:password@host/name.",
        ) from None
    password = parts.pop("password", None)
    environment = {**os.environ, "LC_ALL": "C"}
    if password is not None:
        environment["PGPASSWORD"] = str(password)
    return make_conninfo("", **parts), environment


def _all_tools() -> Iterable[Binaries]:
    # What was chosen stands first: of two with the same version min() keeps the first.
    with suppress(CannotRun):
        yield find_binaries()
    yield from system_binaries()


def _connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    connection_arguments(url)
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=30)
    except psycopg.Error as error:
        raise CannotRun(
            "database.unreachable",
            f"The database does not answer: {str(error).strip()}",
            "See that it runs (`honghui db status`) and that DATABASE_URL is right.",
        ) from error


def _server_version(url: str) -> str:
    with _connect(url) as connection:
        number = connection.info.server_version
    return f"{number // 10000}.{number % 10000}"


def _is_empty(url: str) -> bool:
    with _connect(url) as connection:
        row = connection.execute(_IS_EMPTY).fetchone()
    return bool(row and row[0])


def _major(version: str) -> int:
    return int(version.split(".")[0])


def _run(command: list[str | Path], environment: dict[str, str], folder: Path) -> None:
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise explain("backup.failed", "The backup was not made.", done.stderr, folder)


def _refuse_existing(file: Path, force: bool) -> None:
    if file.is_dir():
        raise CannotRun("backup.is_folder", f"{file} is a folder.", "Name a file in it.")
    if file.exists() and not force:
        raise CannotRun(
            "backup.exists",
            f"{file} is there already.",
            "Choose another name, or use --force to replace it.",
        )


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _own_version() -> str:
    try:
        return metadata.version("honghui")
    except metadata.PackageNotFoundError:
        return "unknown"  # run from the source folder
