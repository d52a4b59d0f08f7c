"""A phone offline for six hours: 500 forms and 60 photos, a real browser, and all that goes wrong.

The phone's clock runs through six hours without a network. It is killed with -9 five times, has a
moment of signal three times in which every answer is lost, its session ends, and while it sends at
last, from two tabs at once, the server is killed too. Then what arrived is counted.
"""

from __future__ import annotations

import gzip
import io
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from bench.ledger.database import fresh_database
from bench.table import Row
from honghui.kernel import ids

HOME = Path(__file__).resolve().parent.parent
SCRIPTS = HOME / "src" / "honghui" / "sync" / "static" / "sync"
FORMS, PHOTOS, HOURS = 500, 60, 6
KILL_EVERY, SIGNAL_AT, SESSION_ENDS_AT = 100, (150, 300, 450), 470
WEAK_SENDINGS = 5
KEEP_MS_MAX, DRAIN_SECONDS_MAX, SCRIPTS_KB_MAX = 300, 180, 20


@dataclass
class Told:
    """said: what was written down on the phone, which said so. keep_ms: how long that took."""

    said: list[str] = field(default_factory=list)
    photos: int = 0
    keep_ms: list[float] = field(default_factory=list)
    killed: int = 0
    lost_answers: int = 0
    drain_seconds: float = 0.0
    server_killed: int = 0


def rows() -> list[Row]:
    with fresh_database() as address:
        prepare(address)
        told = Told()
        with Server() as server, sync_playwright() as playwright:
            offline_for_hours(playwright, server, address, told)
        came, photos = arrived(address)
    faults = (
        f"browser killed {told.killed} times, server {told.server_killed}, "
        f"{told.lost_answers} answers lost, the session ended"
    )
    what = f"of {FORMS} forms and {PHOTOS} photos of {HOURS} hours without a network"
    return [
        Row(f"Lost {what}", len(set(told.said) - set(came)) + told.photos - photos, 0, "", faults),
        Row(f"Doubled {what}", len(came) - len(set(came)), 0, "", f"{len(came)} arrived"),
        Row(
            "From the press to \"written down\", median",
            statistics.median(told.keep_ms), KEEP_MS_MAX, "ms",
            f"with a photo made smaller too; 95 of 100 within {p95(told.keep_ms):.0f} ms",
        ),
        Row(
            "From the signal back to the last form taken", told.drain_seconds, DRAIN_SECONDS_MAX,
            "s", "one letter holds 20 forms; a photo is confirmed by itself",
        ),
        Row("Script of the page, compressed", compressed_kb("store.js", "queue.js"),
            SCRIPTS_KB_MAX, "KB", f"service worker {compressed_kb('worker.js'):.1f} KB"),
    ]  # fmt: skip


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def compressed_kb(*names: str) -> float:
    return sum(len(gzip.compress((SCRIPTS / name).read_bytes(), 9)) for name in names) / 1000


def prepare(address: str) -> None:
    from django.db import connections

    from honghui.worlds.loader import load_world
    from tests.sync import kinds

    load_world("zhejiang_2020", lambda _line: None)
    connections.close_all()
    with psycopg.connect(address, autocommit=True) as db:
        db.execute(kinds.TABLE)
    command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(command, check=True, cwd=HOME)


class Server:
    """The site with the tests' kinds of forms; it can be killed and started again."""

    def __enter__(self) -> Server:
        self.port = free_port()
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()

    def start(self) -> None:
        command = [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
            *("--port", str(self.port), "--workers", "1", "--blocking-threads", "4"),
            *("--log-level", "error", "--no-ws", "tests.sync.site:application"),
        ]
        self.process = subprocess.Popen(command, cwd=HOME, start_new_session=True)
        for _attempt in range(300):
            with suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2)
                return
            time.sleep(0.1)
        raise RuntimeError("the site did not answer in 30 s")

    def kill(self) -> None:
        """The whole group that we started, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# ── six hours ────────────────────────────────────────────────────────────────────────────────


def offline_for_hours(playwright: Playwright, server: Server, address: str, told: Told) -> None:
    from tests.sync.hands import ONE, kill, wait_for_worker
    from tests.sync.network import network_to

    folder = Path(tempfile.mkdtemp(prefix="honghui-phone-", dir="/var/tmp"))
    step = timedelta(hours=HOURS) / FORMS
    with network_to(f"http://127.0.0.1:{server.port}") as network:
        phone = Phone(playwright, network.address, folder)
        page = phone.open()
        sign_in(page)
        page.goto(ONE)
        wait_for_worker(page)
        network.cut()
        began = datetime.now(UTC)
        page.clock.install(time=began)
        for number in range(FORMS):
            if number and number % KILL_EVERY == 0:
                kill(folder)
                told.killed += 1
                page = phone.open()
                page.clock.install(time=began + number * step)
                page.goto(ONE)
            if number in SIGNAL_AT:
                weak_signal(page, network)
            if number == SESSION_ENDS_AT:
                with psycopg.connect(address, autocommit=True) as db:
                    db.execute("DELETE FROM django_session")
            write(page, number, told)
            page.clock.fast_forward(round(step.total_seconds() * 1000))
        kill(folder)
        told.killed += 1
        told.lost_answers = network.lost
        network.mend()
        drain(phone, server, told)


class Phone:
    """One browser whose storage outlives it."""

    def __init__(self, playwright: Playwright, address: str, folder: Path) -> None:
        self.playwright, self.address, self.folder = playwright, address, folder

    def open(self) -> Page:
        import shutil

        from tools.chromium import FLAGS

        self.context: BrowserContext = self.playwright.chromium.launch_persistent_context(
            self.folder,
            executable_path=shutil.which("chromium"),
            args=FLAGS,
            base_url=self.address,
            locale="zh-CN",
        )
        self.context.set_default_timeout(30_000)
        return self.context.pages[0]


def sign_in(page: Page) -> None:
    from honghui.worlds import SAMPLE_PASSWORD

    page.goto("/account/login/")
    page.fill("input[name=login]", "officer")
    page.fill("input[name=password]", SAMPLE_PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/desk/")


def write(page: Page, number: int, told: Told) -> None:
    from tests.sync.hands import write_down

    said = f"{number:03} {ids.new_code(6)}"
    photo = a_photo(number) if number % (FORMS // PHOTOS) == 0 and told.photos < PHOTOS else None
    told.photos += photo is not None
    begun = time.perf_counter()
    write_down(page, said, photo)
    told.keep_ms.append((time.perf_counter() - begun) * 1000)
    told.said.append(said)


def a_photo(number: int) -> bytes:
    """As large as a phone's: noise does not pack."""
    noise = random.Random(number).randbytes(640 * 480 * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (640, 480), noise).save(out, "JPEG", quality=90)
    return out.getvalue()


def weak_signal(page: Page, network: object) -> None:
    """A moment in which what is sent gets through, and what is answered does not."""
    from tests.sync.network import Network

    assert isinstance(network, Network)
    for line in ("POST /sync/forms", "PUT /sync/attachments/"):
        network.answers_to_lose += [line.encode()] * 9
    network.mend()
    for _time in range(WEAK_SENDINGS):
        page.evaluate("void HonghuiQueue.send(true)")
        page.wait_for_timeout(700)
    network.cut()
    network.answers_to_lose.clear()


def drain(phone: Phone, server: Server, told: Told) -> None:
    from tests.sync.hands import ONE, queued

    page = phone.open()
    sign_in(page)
    begun = time.monotonic()
    page.goto(ONE)
    other = phone.context.new_page()
    other.goto(ONE)
    left = len(queued(page))
    while left:
        for each in (page, other):
            each.evaluate("void HonghuiQueue.send(true)")
        if left < FORMS // 2 and not told.server_killed:
            server.kill()
            told.server_killed += 1
            server.start()
        page.wait_for_timeout(100)
        left = len(queued(page))
        if time.monotonic() - begun > DRAIN_SECONDS_MAX * 2:
            break
    told.drain_seconds = time.monotonic() - begun
    phone.context.close()


def arrived(address: str) -> tuple[list[str], int]:
    """What came of the forms, a doubled one twice; photos that belong to a form."""
    with psycopg.connect(address) as db:
        came = [str(row[0]) for row in db.execute("SELECT said FROM noted").fetchall()]
        row = db.execute(
            "SELECT count(*) FROM sync_attachment WHERE form_id IS NOT NULL"
        ).fetchone()
    return came, int(row[0]) if row else 0
