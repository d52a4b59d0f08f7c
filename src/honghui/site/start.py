"""Before anything runs: the data folder, its secrets, its database, and Django.

The environment rules. What it leaves open is made once and kept in the data folder: two
secrets (0600), and an embedded PostgreSQL.
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from honghui.kernel.errors import CannotRun

Report = Callable[[str], None]
# Name and bytes: Django wants fifty characters, sealing wants exactly 32 bytes.
SECRETS = {"HONGHUI_SECRET": 48, "HONGHUI_SEALING_SECRETS": 32}


def quietly(_line: str) -> None:
    """A report nobody reads."""


def data_folder() -> Path:
    return Path(os.environ.get("HONGHUI_DATA", ".data")).resolve()


def prepare(report: Report = quietly) -> None:
    """Fills in what the environment leaves open, and starts the database if it is ours."""
    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CannotRun(
            "start.data_folder",
            f"The data folder {folder} cannot be made: {error.strerror}.",
            "Choose another with --data DIR.",
        ) from error
    os.environ["HONGHUI_DATA"] = str(folder)
    for name, size in SECRETS.items():
        if not os.environ.get(name):
            os.environ[name] = _kept_secret(folder / "secrets" / name.lower(), size)
    if not os.environ.get("DATABASE_URL"):
        from honghui.kernel.postgres.server import EmbeddedServer

        os.environ["DATABASE_URL"] = EmbeddedServer(folder / "postgres").start(report)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "honghui.site.settings")


def ready_django(report: Report = quietly) -> None:
    """`prepare`, then Django with its models."""
    prepare(report)
    import django

    django.setup()


def _kept_secret(path: Path, size: int) -> str:
    """A secret made once, readable by its owner alone. Losing the sealing secret loses every
    sealed value, so it belongs in the backup, apart from the database's."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        text = base64.urlsafe_b64encode(secrets.token_bytes(size)).decode()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    return path.read_text().strip()
