"""The house stands: how long a fresh machine takes, how fast pages are, what it all weighs."""

from __future__ import annotations

import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench.table import Row

HOME = Path(__file__).resolve().parent.parent
PAGES = ["/", "/en/", "/societies/", "/societies/330600/", "/search/?q=sx", "/tour/"]
ROUNDS = 60
FRESH_SECONDS_MAX, SECOND_SECONDS_MAX = 120, 8
PAGE_MS_MAX, FIRST_LOAD_KB_MAX, MEMORY_MB_MAX = 50, 100, 600
QUERIES_MAX = 12
PORT = 8765

# Run inside the clone's own environment: how many queries the costliest public page takes.
COUNT_QUERIES = """
import sys
from honghui.site.start import ready_django
ready_django()
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
worst = 0
for path in sys.argv[1:]:
    with CaptureQueriesContext(connection) as queries:
        assert Client(SERVER_NAME="localhost").get(path).status_code == 200, path
    worst = max(worst, len(queries))
print(worst)
"""


def rows() -> list[Row]:
    with fresh_clone() as clone:
        fresh = seconds_to_first_page(clone)
        rows = [
            Row(
                "Fresh `./dev up` to the first page, package cache warm",
                fresh[0],
                FRESH_SECONDS_MAX,
                "s",
                f"virtual environment and packages are {fresh[1]:.0f} s of it",
            )
        ]
        second = seconds_to_first_page(clone, measure=True)
        rows.append(
            Row(
                "`./dev up`, the second time",
                second[0],
                SECOND_SECONDS_MAX,
                "s",
                f"{second[0] / fresh[0]:.2f} of the first time",
            )
        )
        rows += MEASURED
    return rows


MEASURED: list[Row] = []


@contextmanager
def fresh_clone() -> Iterator[Path]:
    """What is committed, in a new folder, with an empty home."""
    folder = Path(tempfile.mkdtemp(prefix="honghui-bench-"))
    try:
        subprocess.run(
            ["git", "clone", "--quiet", "--no-local", str(HOME), str(folder / "clone")],
            check=True,
        )
        (folder / "home").mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def seconds_to_first_page(folder: Path, *, measure: bool = False) -> tuple[float, float]:
    """(seconds until `/` answers, seconds of them before Honghui itself ran)."""
    begun = time.monotonic()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("HONGHUI", "DATABASE_URL"))},
        "HOME": str(folder / "home"),
        "PIP_CACHE_DIR": os.environ.get("PIP_CACHE_DIR", str(Path.home() / ".cache" / "pip")),
        "npm_config_cache": str(Path.home() / ".npm"),
    }
    log = (folder / "up.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "dev", "up", "--port", str(PORT)],
        cwd=folder / "clone",
        env=environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        page = first_page(process)
        seconds = time.monotonic() - begun
        if measure:
            measure_running(process, page)
        return seconds, set_up_seconds((folder / "up.log").read_text())
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def first_page(process: subprocess.Popen[bytes]) -> str:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("./dev up ended by itself; read its lines in up.log")


def set_up_seconds(log: str) -> float:
    return sum(float(each) for each in re.findall(r"… (\d+\.\d) s", log))


def measure_running(process: subprocess.Popen[bytes], page: str) -> None:
    floor = median_ms("/healthz")
    for path in PAGES:
        value = median_ms(path)
        MEASURED.append(
            Row(
                f"`{path}` over HTTP, median of {ROUNDS}",
                value,
                PAGE_MS_MAX,
                "ms",
                f"{value / floor:.1f} × the health page, {floor:.1f} ms",
            )
        )
    MEASURED.append(
        Row("Queries of the costliest of these pages", most_queries(process), QUERIES_MAX, "")
    )
    MEASURED.append(
        Row(
            "First load of `/`, compressed",
            first_load_kb(page),
            FIRST_LOAD_KB_MAX,
            "KB",
            "page, style sheets, scripts, mark",
        )
    )
    MEASURED.append(
        Row(
            "Memory of everything (proportional set size)",
            memory_mb(process.pid),
            MEMORY_MB_MAX,
            "MB",
            "web, worker, database, supervisor",
        )
    )


def most_queries(process: subprocess.Popen[bytes]) -> int:
    clone = Path(psutil.Process(process.pid).cwd())
    command = [str(clone / ".venv/bin/python"), "-c", COUNT_QUERIES, *PAGES]
    environment = {**os.environ, "HONGHUI_DATA": str(clone / ".data")}
    for name in ("DATABASE_URL", "HONGHUI_STATIC"):
        environment.pop(name, None)
    done = subprocess.run(
        command, cwd=clone, env=environment, capture_output=True, text=True, check=True
    )
    return int(done.stdout.split()[-1])


def median_ms(path: str) -> float:
    times = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        fetch(path)
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def fetch(path: str) -> bytes:
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}{path}", headers={"Accept-Encoding": "br, gzip"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return bytes(answer.read())


def first_load_kb(page: str) -> float:
    """The page and every file it names, as they come over the wire."""
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    return (len(fetch("/")) + sum(len(fetch(file)) for file in files)) / 1000


def memory_mb(root: int) -> float:
    """Proportional set size, so that memory PostgreSQL's processes share counts once."""
    mine = psutil.Process(root)
    everything = [mine, *mine.children(recursive=True)]
    # The embedded server has detached itself from us: it is found by its data folder.
    folder = Path(mine.cwd()) / ".data" / "postgres"
    for process in psutil.process_iter(["cmdline"]):
        if str(folder) in " ".join(process.info["cmdline"] or []):
            everything += [process, *process.children(recursive=True)]
    sizes = {each.pid: each.memory_full_info().pss for each in everything if each.is_running()}
    return sum(sizes.values()) / 1_000_000
