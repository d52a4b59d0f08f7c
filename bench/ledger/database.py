"""A fresh, migrated, durable PostgreSQL for the ledger's bench, in the temporary folder."""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def fresh_database() -> Iterator[str]:
    """Its address; Django is ready on it. All writes are durable, as the server's defaults are."""
    from honghui.kernel.postgres.server import EmbeddedServer

    folder = Path(tempfile.mkdtemp(prefix="honghui-bench-", dir="/var/tmp"))
    server = EmbeddedServer(folder / "postgres")
    try:
        os.environ |= {
            "HONGHUI_DATA": str(folder),
            "HONGHUI_SECRET": "for the bench only, and long enough for what it signs here",
            "HONGHUI_SEALING_SECRETS": base64.urlsafe_b64encode(bytes(range(32))).decode(),
            "DATABASE_URL": server.start(lambda _line: None),
            "DJANGO_SETTINGS_MODULE": "honghui.site.settings",
        }
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()
        connections["default"].close_pool()  # type: ignore[attr-defined]
        yield os.environ["DATABASE_URL"]
        connections.close_all()
    finally:
        server.stop()
        shutil.rmtree(folder)


def connect(address: str) -> psycopg.Connection:
    return psycopg.connect(address, autocommit=True, prepare_threshold=1)


def copy_of(address: str, name: str) -> str:
    """Another database of the same server, as empty as this one still is."""
    with psycopg.connect(address.replace("/honghui?", "/postgres?"), autocommit=True) as db:
        db.execute(f'CREATE DATABASE "{name}" TEMPLATE honghui STRATEGY file_copy')
    return address.replace("/honghui?", f"/{name}?")
