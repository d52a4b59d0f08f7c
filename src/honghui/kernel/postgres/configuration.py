"""The settings of the embedded server, and the version check of its data."""

from __future__ import annotations

from pathlib import Path

from honghui.kernel.errors import CannotRun
from honghui.kernel.postgres.binaries import Binaries
from honghui.kernel.postgres.processes import PORT

_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_wal_size": "256MB",
    # Statements here are short; compiling them costs more than it gains.
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_destination": "stderr",
    # The server only appends to the file it was given, so logs.py may cut it while it runs.
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
    "cluster_name": "honghui",
}


def initdb_options(superuser: str) -> list[str]:
    """How a new database is made."""
    return [
        f"--username={superuser}",
        "--encoding=UTF8",
        "--locale=C",
        "--data-checksums",
        # The socket's folder admits the owner only, so whoever reaches the socket is trusted.
        "--auth-local=trust",
        "--auth-host=reject",
        "--no-instructions",
    ]


def server_options(socket: Path) -> list[str]:
    """On the command line: above whatever stands in postgresql.conf."""
    settings = {**_SETTINGS, "unix_socket_directories": str(socket)}
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def check_version(cluster: Path, binaries: Binaries) -> None:
    """Refuse data made by another major version: PostgreSQL cannot read it."""
    try:
        made_by = int((cluster / "PG_VERSION").read_text("ascii").strip())
    except (FileNotFoundError, ValueError):
        raise CannotRun(
            "database.not_a_database",
            f"{cluster} is not a PostgreSQL data folder: it has no valid PG_VERSION.",
            "Bring the folder back from a copy, or move it away to begin with an empty database.",
        ) from None
    if made_by > binaries.major:
        raise CannotRun(
            "database.newer_data",
            f"The database in {cluster} was made by version {made_by},"
            f" this is {binaries.major}: older programs cannot read it.",
            f"Set HONGHUI_PG_BIN to the bin folder of PostgreSQL {made_by}.",
        )
    if made_by < binaries.major:
        raise CannotRun(
            "database.older_data",
            f"The database in {cluster} was made by version {made_by}, this is {binaries.major}.",
            f"Dump with the old, restore with the new: set HONGHUI_PG_BIN to the bin folder of"
            f" PostgreSQL {made_by}, run `honghui db backup FILE` and `honghui db stop`; move the"
            f" data folder away, unset HONGHUI_PG_BIN, run `honghui db restore FILE`.",
        )
