"""The numbers of the audit: how long a society of a million records takes, whether five million
take five times as long, and what memory a hundred thousand pools need.

Logs of 0.5, 1, 2.5 and 5 million records are written into a temporary folder and audited by the
command as a stranger would run it: 3 GB, about six minutes.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import psutil

from bench.plot import line_plot
from bench.society_stream import Stream
from bench.table import Row
from honghui.record.schemas import encode
from honghui.tlog.heads import Heads
from honghui.tlog.signatures import NOTE, SigningKey
from honghui.tlog.storage import Folder
from honghui.tlog.writer import writing

ORIGIN = "bench.example.org/society"
KEY = SigningKey(ORIGIN, NOTE, b"\1" * 32)
# Sums, lots, reservations, decisions and transports are pools too: this many purposes of societies
# become 100,000 pools in a million records.
POOLS = 30_000
SIZES = (500_000, 1_000_000, 2_500_000, 5_000_000)
MILLION = 1_000_000
PLOT = Path(__file__).parent / "results" / "audit.svg"


def rows() -> list[Row]:
    folder = Path(tempfile.mkdtemp(prefix="honghui-bench-", dir="/var/tmp"))
    try:
        return measure(folder)
    finally:
        shutil.rmtree(folder)


def measure(folder: Path) -> list[Row]:
    points: dict[int, Audited] = {}
    for size in SIZES:
        log = write(folder / str(size), size)
        floor_s = verified_s(log) if size == MILLION else 0
        points[size] = audited(log)
        if size == MILLION:
            beside = f"the log alone verified in {floor_s:.1f} s"
        shutil.rmtree(log.parent)
    seconds = {size: point.seconds for size, point in points.items()}
    one, most = points[MILLION], points[SIZES[-1]]
    line_plot(
        PLOT,
        "honghui audit, all cores",
        [(size / MILLION, spent) for size, spent in seconds.items()],
        ("million records", "seconds"),
    )
    each = {size: spent / size * MILLION for size, spent in seconds.items()}
    return [
        Row(f"audit 1 million records, {one.pools:,} pools", one.seconds, 60, "s", beside),
        Row(
            "5 million records, against five times 1 million",
            seconds[SIZES[-1]] / (5 * seconds[MILLION]),
            1.2,
            "times",
            f"a million takes {', '.join(f'{spent:.1f}' for spent in each.values())} s "
            f"at {', '.join(f'{size / MILLION:g}' for size in each)} million",
        ),
        Row(
            f"memory of all processes at most, 1 million records, {one.pools:,} pools",
            one.memory_mb,
            500,
            "MB",
            f"{most.memory_mb:.0f} MB at 5 million and {most.pools:,} pools",
        ),
    ]


def write(folder: Path, size: int) -> Path:
    log = Folder(folder / "log")
    stream = Stream(POOLS, seed=1)
    with writing(log, [KEY], Heads(folder / "heads").of(ORIGIN), create=True) as writer:
        batch: list[bytes] = []
        for record in stream.records(size):
            batch.append(encode(record))
            if len(batch) == 10_000:
                writer.append(batch)
                batch = []
        writer.append(batch)
        writer.publish()
    return folder / "log"


class Audited(NamedTuple):
    seconds: float
    memory_mb: float
    pools: int


def _run(log: Path, *command: str) -> tuple[float, float, bytes]:
    """Seconds, the most memory of the command and its children in MB, and what it said."""
    arguments = [sys.executable, "-m", "honghui.cli", *command, str(log)]
    # Into a file: a pipe that nobody reads would fill up and stop the command.
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen([*arguments, "--key", KEY.public.vkey], stdout=said)
        one = psutil.Process(process.pid)
        most = 0
        while process.poll() is None:
            most = max(most, _memory(one))
            time.sleep(0.1)
        seconds = time.perf_counter() - began
        said.seek(0)
        output = said.read()
    assert process.returncode == 0, output.decode()[:2000]
    return seconds, most / 1e6, output


def _memory(process: psutil.Process) -> int:
    try:
        family = [process, *process.children(recursive=True)]
        return sum(one.memory_info().rss for one in family)
    except psutil.NoSuchProcess:
        return 0


def audited(log: Path) -> Audited:
    seconds, memory_mb, output = _run(log, "audit", "--json")
    return Audited(seconds, memory_mb, json.loads(output)["pools"])


def verified_s(log: Path) -> float:
    return _run(log, "log", "verify")[0]
