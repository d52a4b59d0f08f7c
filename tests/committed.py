"""A database of one test's own, cloned from the test database, for what must be committed.

Flushing is no way out here: the journal refuses TRUNCATE to everybody, as it should. A clone
costs a tenth of a second and is thrown away (docs/decisions/0006).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
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


class connected_to:  # noqa: N801 (reads as what it does)
    """The default connection goes to another database for a while."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.before = ""

    def __enter__(self) -> None:
        connections.close_all()
        self.before = connection.settings_dict["NAME"]
        connection.settings_dict["NAME"] = self.name

    def __exit__(self, *_error: object) -> None:
        connections.close_all()
        connection.settings_dict["NAME"] = self.before


@pytest.fixture(scope="session")
def empty_template(django_db_setup: None, django_db_blocker) -> Iterator[str]:  # type: ignore[no-untyped-def]
    """The name of a migrated database in which nothing was recorded, to be cloned."""
    name = f"empty_{uuid4().hex[:12]}"
    with django_db_blocker.unblock():
        connections.close_all()
        with _maintenance() as admin:
            admin.execute(f'CREATE DATABASE "{name}"')
        with connected_to(name):
            call_command("migrate", verbosity=0, interactive=False)
        yield name
        drop_database(name)


class WholeWorld(str):
    """The name of a database that holds the sample world, its rescue too; to be cloned, or looked
    at and left as it was. `queries`: how many it took to load."""

    queries: int


@pytest.fixture(scope="session")
def whole_world(empty_template: str, django_db_blocker) -> Iterator[WholeWorld]:  # type: ignore[no-untyped-def]
    """Loaded once for whoever needs it: the tests' own database has no rescue in it."""
    from honghui.kernel import clock
    from honghui.worlds.loader import load_world

    asked = count()

    def counted(execute: Any, *words: Any) -> Any:
        next(asked)
        return execute(*words)

    with django_db_blocker.unblock():
        with connected_to(empty_template):
            name = WholeWorld(clone_of_test_database()[0])
        with connected_to(name), connection.execute_wrapper(counted):
            clock.forget_pin()
            load_world("zhejiang_2020", lambda line: None)
        name.queries = next(asked)
        clock.forget_pin()
        yield name
        drop_database(name)


@pytest.fixture
def committed_empty(empty_template: str, django_db_blocker) -> Iterator[str]:  # type: ignore[no-untyped-def]
    """As `committed`, without the sample world."""
    with django_db_blocker.unblock():
        with connected_to(empty_template):
            name, address = clone_of_test_database()
        try:
            with connected_to(name):
                yield address
        finally:
            drop_database(name)


def _maintenance() -> psycopg.Connection:
    settings = connection.settings_dict
    host = settings["OPTIONS"].get("host") or settings["HOST"]
    return psycopg.connect(host=host, user=settings["USER"], dbname="postgres", autocommit=True)
