"""A database of one test's own, cloned from the test database, for what must be committed.

Flushing is no way out here: the journal refuses TRUNCATE to everybody, as it should. A clone
costs a tenth of a second and is thrown away (docs/decisions/0006).
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, connections


def clone_of_test_database() -> tuple[str, str]:
    """(name, address) of a fresh copy of the test database, the sample world in it."""
    settings = connection.settings_dict
    name = f"clone_{uuid4().hex[:12]}"
    host = settings["OPTIONS"].get("host") or settings["HOST"]
    template = settings["NAME"]
    connections.close_all()
    with _maintenance() as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
    return name, f"postgresql://honghui@/{name}?host={host.replace('/', '%2F')}"


def drop_database(name: str) -> None:
    with _maintenance() as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker) -> Iterator[str]:  # type: ignore[no-untyped-def]
    """The default connection on a clone; transactions commit. Yields the clone's address."""
    with django_db_blocker.unblock():
        original = connection.settings_dict["NAME"]
        name, address = clone_of_test_database()
        connection.settings_dict["NAME"] = name
        try:
            yield address
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = original
            drop_database(name)


def _maintenance() -> psycopg.Connection:
    settings = connection.settings_dict
    host = settings["OPTIONS"].get("host") or settings["HOST"]
    return psycopg.connect(host=host, user=settings["USER"], dbname="postgres", autocommit=True)
