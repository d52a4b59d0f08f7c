"""Database and sequencer are killed, again and again, while four clients post: at the end every
acknowledged entry is there once, and no other, in the books and in the log."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from honghui.audit.auditing import audit_records
from honghui.kernel.postgres.place import locate
from honghui.kernel.postgres.processes import find_postmaster
from honghui.kernel.postgres.server import EmbeddedServer
from honghui.ledger.declaring import declare
from honghui.ledger.sequencer import health, sequencing
from honghui.record.references import Place, Purpose, Society
from tests.environment import BINARIES, HOME
from tests.ledger import books
from tests.ledger.test_sequencer import published

WRITERS = 4
# A hundred in the bench and before a release; fewer in the suite, which runs on every change.
KILLS = int(os.environ.get("HONGHUI_TEST_KILLS", "12"))
LONGEST_PAUSE_SECONDS = 0.2


@pytest.fixture
def own_server(tmp_path: Path, settings, django_db_blocker) -> Iterator[EmbeddedServer]:  # type: ignore[no-untyped-def]
    """A server that may be killed, with empty books; the default connection goes there."""
    server = EmbeddedServer(tmp_path / "postgres", BINARIES)
    environment = {
        **os.environ,
        "DATABASE_URL": server.start(),
        "HONGHUI_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "honghui.site.settings",
    }
    subprocess.run(
        [sys.executable, "-m", "honghui.cli", "manage", "migrate", "--verbosity", "0"],
        env=environment, check=True, cwd=HOME,
    )  # fmt: skip
    settings.DATA_FOLDER = tmp_path
    settings.LOG_LOCATION = str(tmp_path / "log")
    settings.LOG_HEADS = str(tmp_path / "log-heads")
    with django_db_blocker.unblock(), _connected_to(server.url):
        yield server
    server.stop()


@contextmanager
def _connected_to(url: str) -> Iterator[None]:
    import dj_database_url

    connections.close_all()
    ours, before = connection.settings_dict, dict(connection.settings_dict)
    there = dj_database_url.parse(url)
    ours.update({"HOST": there["HOST"], "NAME": there["NAME"], "USER": there["USER"]})
    ours["OPTIONS"] = {**before["OPTIONS"], **there.get("OPTIONS", {})}
    try:
        yield
    finally:
        connections.close_all()
        ours.update(before)


def _open_books() -> None:
    at = {"recorded_at": "2020-06-20T01:00Z"}
    for number, (code, kind) in enumerate(
        (("330000", "division"), ("bank", "account"), ("store", "warehouse")), 2
    ):
        with transaction.atomic():
            declare(Place(id=f"{number:032x}", code=code, kind=kind, **at))  # type: ignore[arg-type]
    with transaction.atomic():
        declare(
            Society(id="e" * 32, code="330000", level="province", place="330000",
                    since=date(1999, 1, 1), **at)
        )  # fmt: skip
    with transaction.atomic():
        declare(
            Purpose(id="1" * 32, code="general", society="330000", starts_on=date(2020, 1, 1),
                    requested_by="a" * 32, approved_by=("b" * 32,), **at)
        )  # fmt: skip


def test_nothing_is_lost_or_doubled_however_often_it_is_killed(
    own_server: EmbeddedServer, tmp_path: Path
) -> None:
    _open_books()
    connections.close_all()
    folder = tmp_path / "acknowledged"
    folder.mkdir()
    environment = {**os.environ, "DATABASE_URL": own_server.url, "HONGHUI_DATA": str(tmp_path)}
    writers = [
        _start(["tests.ledger.killed_writer", f"writer-{n}", str(folder)], environment)
        for n in range(WRITERS)
    ]
    sequencer = ["honghui.cli", "sequencer", "run"]
    ours = _start(sequencer, environment)
    chance = random.Random(370)
    for number in range(KILLS):
        _wait_for_lines(folder, 12 * number)
        time.sleep(chance.uniform(0, LONGEST_PAUSE_SECONDS))
        if number % 3:
            kill_database(own_server)
            own_server.start()
        if number % 3 != 1:
            ours.kill()
            ours.wait()
            ours = _start(sequencer, environment)
    assert all(writer.poll() is None for writer in writers)
    (folder / "stop").touch()
    for writer in writers:
        assert writer.wait(60) == 0
    _wait_until_published()
    ours.send_signal(signal.SIGTERM)
    assert ours.wait(30) == 0
    _check(folder, tmp_path)


def _wait_for_lines(folder: Path, count: int) -> None:
    """Each kill comes in the middle of work, not before it has begun again."""
    deadline = time.monotonic() + 60
    while sum(one.read_text().count("\n") for one in folder.iterdir()) < count:
        assert time.monotonic() < deadline, "nobody can work any more"
        time.sleep(0.01)


def _wait_until_published() -> None:
    """By the sequencer's own process: nothing waits any more."""
    deadline = time.monotonic() + 60
    while (now := health()).waiting or now.unpublished or now.size <= 10 * KILLS:
        assert time.monotonic() < deadline, now
        time.sleep(0.05)
    connections.close_all()


def _check(folder: Path, tmp_path: Path) -> None:
    acknowledged = Counter(
        line for one in folder.glob("writer-*") for line in one.read_text().split()
    )
    with sequencing() as sequencer:
        sequencer.turn()
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(request, 'hex') FROM ledger_entry")
        booked = Counter(row[0] for row in cursor.fetchall())
    assert set(acknowledged.values()) == {1}
    assert booked == acknowledged
    assert len(booked) > 10 * KILLS
    log = published(tmp_path / "log")
    assert log == books.log()
    report = audit_records(log)
    assert not report.findings
    held = {pool: (one.taken_in, one.booked) for pool, one in report.pools.items()}
    assert {pool: one for pool, one in books.pools().items() if one[0]} == held


def _start(module: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", *module], env=environment, cwd=HOME, stderr=subprocess.DEVNULL
    )


def kill_database(server: EmbeddedServer) -> None:
    """All of it at once, as when the power goes."""
    running = find_postmaster(locate(server.data_folder) / "cluster")
    assert running is not None
    with suppress(ProcessLookupError):
        os.kill(running.pid, signal.SIGKILL)
