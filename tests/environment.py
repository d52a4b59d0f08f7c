"""Before anything imports Django: a real PostgreSQL for the tests, and settings.

Loaded by pytest itself (`-p tests.environment`), in each worker too; the server is one, and the
process that collects stops it at the end. Several runs at once have a folder and a server each.
"""

from __future__ import annotations

import base64
import fcntl
import os
from itertools import count
from pathlib import Path

import pytest

from honghui.kernel.postgres.binaries import find_binaries
from honghui.kernel.postgres.server import EmbeddedServer

HOME = Path(__file__).resolve().parent.parent
BINARIES = find_binaries()


def own_folder() -> tuple[Path, int]:
    """The first folder that no other run holds, and the lock that holds it while we run."""
    (HOME / ".data").mkdir(exist_ok=True)
    for number in count(1):
        folder = HOME / ".data" / f"tests-{BINARIES.major}-{number}"
        handle = os.open(f"{folder}.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            continue
        return folder, handle
    raise AssertionError("numbers do not end")


if "HONGHUI_TEST_DATA" not in os.environ:
    _folder, _lock = own_folder()
    os.environ["HONGHUI_TEST_DATA"] = str(_folder)  # for the workers, who run with us
DATA = Path(os.environ["HONGHUI_TEST_DATA"])
SERVER = EmbeddedServer(DATA / "postgres", BINARIES)

os.environ.pop("DATABASE_URL", None)
os.environ["HONGHUI_DATA"] = str(DATA)
os.environ["HONGHUI_SECRET"] = "for tests only, and long enough to sign a session with it"
os.environ["HONGHUI_SEALING_SECRETS"] = base64.urlsafe_b64encode(bytes(range(32))).decode()
os.environ["HONGHUI_LOG_LEVEL"] = "ERROR"
os.environ["HONGHUI_STATIC"] = str(DATA / "static")
(DATA / "static").mkdir(parents=True, exist_ok=True)
os.environ["DATABASE_URL"] = SERVER.start()


def pytest_configure(config: pytest.Config) -> None:
    """Faster parts where the real ones would only cost time: one hash round, plain file names."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.DATABASES["default"]["OPTIONS"].pop("pool", None)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        SERVER.stop()
