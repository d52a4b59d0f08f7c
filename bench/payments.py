"""Notifications of a payment platform, as many as a televised appeal brings.

The web process and the worker of payments run as they do for `honghui up`; a client in a process
of its own sends signed notifications over HTTP, each at its own time, and counts from the time at
which it should have been sent. The job does nothing with what was paid. A minute at 1,000/s
by default; BENCH_SECONDS=300 for the five that the issue asks.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psutil

from bench.ledger.database import connect, fresh_database
from bench.payment_load import Load, sign_many
from bench.table import Row

SECONDS = int(os.environ.get("BENCH_SECONDS", "60"))
QUIET_SECONDS = 20
BURST = 3_000
RATE, QUIET_RATE = 1_000, 200
ANSWER_MS_MAX = 50
CONNECTIONS = 16
PORT = 8766
HOME = Path(__file__).resolve().parent.parent
WEB = [
    *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
    *("--port", str(PORT), "--workers", "1", "--log-level", "error", "--no-ws"),
    *("--backpressure", "256", "--blocking-threads"),
]


@dataclass(frozen=True)
class Run:
    """What one load came to: seconds, answers other than 200, latencies in ms, sorted."""

    seconds: float
    failed: Counter[str]
    ms: list[float]
    cpu_us: float = 0.0

    def at(self, share: float) -> float:
        return self.ms[min(len(self.ms) - 1, int(share * len(self.ms)))]


def rows() -> list[Row]:
    from honghui.site.up import WEB_THREADS

    with fresh_database() as address:
        os.environ |= {
            "HONGHUI_LOG_LEVEL": "ERROR", "HONGHUI_HOSTS": "127.0.0.1",
            "HONGHUI_WECHAT_KEYS": str(Path(os.environ["HONGHUI_DATA"]) / "wechat"),
        }  # fmt: skip
        prepare(address, 2 * BURST + QUIET_RATE * QUIET_SECONDS + RATE * SECONDS)
        with serving("honghui.site.wsgi:application", WEB_THREADS) as children:
            door = send(address, BURST, 0)
            quiet = send(address, QUIET_RATE * QUIET_SECONDS, QUIET_RATE)
            loud = send(address, RATE * SECONDS, RATE, children)
            again = time.perf_counter()
            waited = until_empty(address) - again
        lost, unpaid = missing(address)
        with serving("bench.payment_pages:application", WEB_THREADS):
            pages = send(address, BURST, 0)
        fsync = one_commit_ms(address)
    failed = door.failed + quiet.failed + loud.failed
    beside = f"one commit alone: {fsync:.2f} ms"
    return [
        Row(f"Notification → durable answer at {QUIET_RATE}/s (p99)", quiet.at(0.99),
            ANSWER_MS_MAX, "ms", f"median {quiet.at(0.5):.1f} ms; {beside}"),
        Row(f"{RATE:,}/s over HTTP for {SECONDS} s: seconds until all were answered",
            loud.seconds, SECONDS * 1.01, "s",
            f"median {loud.at(0.5):.1f} ms, p99 {loud.at(0.99):.1f} ms; worker beside it"),
        Row("processor for each of them: web, worker, database",
            loud.cpu_us, 2e6 / RATE, "µs", "two cores have this much at that rate"),
        Row("of them not answered with success", sum(failed.values()), 0, "",
            ", ".join(f"{count} × {status}" for status, count in failed.items())),
        Row("answered with success and not kept", lost - sum(failed.values()), 0, ""),
        Row("kept, and not paid exactly once in the end", unpaid, 0, "",
            f"the inbox was empty {max(waited, 0):.1f} s after the last"),
        Row(f"{BURST:,} at once, in front of the middleware, beside behind it",
            door.seconds / pages.seconds, 1, "×",
            f"{BURST / door.seconds:,.0f}/s and {BURST / pages.seconds:,.0f}/s"),
    ]  # fmt: skip


def prepare(address: str, count: int) -> None:
    """Keys, a society, and an order for every notification."""
    from django.conf import settings

    from honghui.kernel import clock
    from honghui.payments.wechat.credentials import make_simulated

    settings.WECHAT_KEYS = os.environ["HONGHUI_WECHAT_KEYS"]
    make_simulated(Path(settings.WECHAT_KEYS))
    now = clock.machine_now()
    with connect(address) as db:
        db.execute(
            "INSERT INTO registry_society (code, level, name, name_en, place_name, place_name_en)"
            " VALUES ('330000', 'province', 'bench', 'bench', 'bench', 'bench')"
        )
        copy = (
            "COPY payments_order (id, platform, out_trade_no, society_id, job, about_id,"
            " amount_fen, description, created_at, expires_at, state) FROM STDIN"
        )
        with db.cursor().copy(copy) as rows:
            for number in range(count):
                rows.write_row(
                    (uuid4(), "wechat", f"BENCH{number:08}", "330000", "bench", uuid4(), 2000,
                     "bench", now, now + timedelta(hours=2), "open")
                )  # fmt: skip


@contextmanager
def serving(application: str, threads: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Web and worker, as `honghui up` starts them."""
    commands = [[*WEB, str(threads), application], [sys.executable, "-m", "bench.payment_worker"]]
    children = [subprocess.Popen(each, cwd=HOME) for each in commands]
    try:
        wait_for_answer()
        yield children
    finally:
        for child in children:
            child.send_signal(signal.SIGTERM)
        for child in children:
            child.wait(30)


def wait_for_answer() -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the web process does not answer")


FIRST = [0]


def send(
    address: str,
    count: int,
    rate: int,
    children: list[subprocess.Popen[bytes]] | None = None,
    is_patient: bool = False,
    beside: Callable[[threading.Event], None] | None = None,
) -> Run:
    """`count` notifications, the next orders' own; rate 0: as fast as they are answered. With
    children, also what they and the database took of the processors, until all is paid. `beside`
    runs until all is sent."""
    folder = Path(os.environ["HONGHUI_DATA"])
    plan = Load(FIRST[0], count, rate, PORT, CONNECTIONS, str(folder / "load.bin"), is_patient)
    FIRST[0] += count
    sign_many(plan)
    command = [sys.executable, "-m", "bench.payment_load", json.dumps(plan.__dict__)]
    before = cpu_seconds(children or [])
    done = threading.Event()
    other = threading.Thread(target=beside or threading.Event.wait, args=[done])
    other.start()
    try:
        said = json.loads(subprocess.run(command, cwd=HOME, check=True, capture_output=True).stdout)
    finally:
        done.set()
        other.join()
    if children:
        until_empty(address)
    spent = (cpu_seconds(children or []) - before) / count * 1e6
    return Run(said["seconds"], Counter(said["failed"]), sorted(said["ms"]), spent)


def cpu_seconds(children: list[subprocess.Popen[bytes]]) -> float:
    """Of the children and the database, with theirs."""
    from honghui.kernel.postgres.place import locate
    from honghui.kernel.postgres.processes import find_postmaster

    server = find_postmaster(locate(Path(os.environ["HONGHUI_DATA"]) / "postgres") / "cluster")
    assert server is not None
    seconds = 0.0
    for pid in [server.pid, *(child.pid for child in children)]:
        root = psutil.Process(pid)
        for each in [root, *root.children(recursive=True)]:
            times = each.cpu_times()
            seconds += times.user + times.system
        ended = root.cpu_times()
        seconds += ended.children_user + ended.children_system
    return seconds


def until_empty(address: str) -> float:
    """When the last notification was taken in."""
    with connect(address) as db:
        while True:
            row = db.execute(
                "SELECT count(*) FROM payments_delivery WHERE state = 'waiting'"
            ).fetchone()
            if row == (0,):
                return time.perf_counter()
            time.sleep(0.1)


def missing(address: str) -> tuple[int, int]:
    """(notifications that are not in the inbox, orders that are not paid by exactly one)."""
    with connect(address) as db:
        kept = db.execute("SELECT count(*) FROM payments_delivery").fetchone() or (0,)
        paid = db.execute(
            "SELECT count(*) FROM payments_order o JOIN payments_delivery d"
            " USING (out_trade_no) WHERE o.state = 'paid' AND d.state = 'done'"
            " AND o.transaction_id = d.transaction_id"
        ).fetchone() or (0,)
    return FIRST[0] - kept[0], kept[0] - paid[0]


def one_commit_ms(address: str) -> float:
    """The floor: one row, one durable commit, nothing else at work."""
    with connect(address) as db:
        db.execute("CREATE TABLE floor (n int)")
        begun = time.perf_counter()
        for _one in range(200):
            db.execute("INSERT INTO floor VALUES (1)")
        return (time.perf_counter() - begun) / 200 * 1000
