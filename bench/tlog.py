"""The numbers of the transparency log, beside what the machine's SHA-256 allows in the same run.

A log of 10 million entries of 300 bytes is written and checked: 3.2 GB in the temporary folder,
about two minutes.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

import psutil

from bench.table import Row
from honghui.tlog.heads import Heads
from honghui.tlog.reading import read_checkpoint
from honghui.tlog.signatures import COSIGNATURE, NOTE, SigningKey
from honghui.tlog.storage import Folder
from honghui.tlog.tree import Tree
from honghui.tlog.writer import Writer, writing

ORIGIN = "bench.example.org/log"
KEYS = [SigningKey(ORIGIN, kind, bytes([kind]) * 32) for kind in (NOTE, COSIGNATURE)]
ENTRY_BYTES = 300
BATCH = 10_000
MILLION = 1_000_000
# What f"{i:020d}" and 280 dots give at 10 million: three implementations agree on it.
ROOT = "f7d8d864ffd5166a6b82e334d0330e1bd2bd6dcb1772500f640ae1c9ca930708"


def rows() -> list[Row]:
    limit_per_s = openssl_sha256_per_s(ENTRY_BYTES + 1)
    folder = Path(tempfile.mkdtemp(prefix="honghui-bench-", dir="/var/tmp"))
    try:
        return measure(folder, limit_per_s)
    finally:
        shutil.rmtree(folder)


def measure(folder: Path, limit_per_s: float) -> list[Row]:
    storage, head = Folder(folder / "log"), Heads(folder / "heads").of(ORIGIN)
    with writing(storage, KEYS, head, create=True) as writer:
        fill(writer, MILLION)
        appended = [timed(append(writer, BATCH)) for _ in range(30)]
        writer.publish()
        published = [published_in(writer) for _ in range(30)]
    proved = proofs(storage)
    small_s, small_bytes, size = verified(storage)
    with writing(storage, KEYS, head) as writer:
        fill(writer, 10 * MILLION)
        assert writer.publish().root.hex() == ROOT, "not the tree that it should be"
    whole_s, whole_bytes, _size = min(verified(storage) for _ in range(2))
    return [
        Row(
            "append 10,000 entries of 300 bytes, kept on the disk, to 1 million (median)",
            median(appended) * 1000,
            BATCH / 150_000 * 1000,
            "ms",
            beside(BATCH, median(appended), limit_per_s),
        ),
        Row(
            "publish a checkpoint over 1,000 new entries (median)",
            median(published) * 1000,
            25,
            "ms",
            f"worst of 30: {max(published) * 1000:.1f} ms",
        ),
        Row(
            "verify 10 million entries from warm files, all cores",
            whole_s,
            8,
            "s",
            beside(10 * MILLION, whole_s, limit_per_s),
        ),
        Row(
            "memory of that, all processes",
            whole_bytes / 1e6,
            300,
            "MB",
            f"at {size / MILLION:.1f} million entries: {small_bytes / 1e6:.0f} MB, {small_s:.1f} s",
        ),
        Row(
            "one inclusion proof and its entry from tiles, nothing cached (median)",
            median(proved) * 1000,
            2,
            "ms",
            f"worst of 200: {max(proved) * 1000:.1f} ms",
        ),
    ]


def beside(entries: int, taken_s: float, limit_per_s: float) -> str:
    """A leaf each, and as many nodes again: `openssl speed` at the leaf's size is the limit."""
    rate = entries / taken_s
    return (
        f"{rate:,.0f}/s; openssl speed allows {limit_per_s:,.0f}/s of {ENTRY_BYTES + 1} bytes on "
        f"one core: {100 * rate / limit_per_s:.0f} %"
    )


def openssl_sha256_per_s(size: int) -> float:
    """Hashes of that size in a second, on one core, as OpenSSL measures itself."""
    command = ["openssl", "speed", "-mr", "-seconds", "2", "-bytes", str(size), "-evp", "sha256"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    line = next(line for line in said.splitlines() if line.startswith("+F:"))
    return float(line.rsplit(":", 1)[1]) / size


def entries(first: int, count: int) -> list[bytes]:
    return [b"%020d" % index + b"." * 280 for index in range(first, first + count)]


def fill(writer: Writer, size: int) -> None:
    while writer.size < size:
        writer.append(entries(writer.size, min(BATCH, size - writer.size)))


def append(writer: Writer, count: int) -> Callable[[], object]:
    batch = entries(writer.size, count)
    return lambda: writer.append(batch)


def published_in(writer: Writer) -> float:
    """Appending and publishing together: what a record waits for."""
    batch = entries(writer.size, 1000)

    def both() -> None:
        writer.append(batch)
        writer.publish()

    return timed(both)


def timed(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def proofs(storage: Folder) -> list[float]:
    head = read_checkpoint(storage, [KEYS[0].public]).head
    dice = random.Random(1)
    indexes = [dice.randrange(head.size) for _ in range(200)]

    def one(index: int) -> None:
        tree = Tree(storage, head)
        tree.entry(index)
        tree.inclusion(index)

    return [timed(partial(one, index)) for index in indexes]


def verified(storage: Folder) -> tuple[float, int, int]:
    """Seconds, the most memory of all its processes together, and entries."""
    size = read_checkpoint(storage, [KEYS[0].public]).head.size
    command = [sys.executable, "-m", "honghui.cli", "log", "verify", str(storage.root)]
    begun = time.perf_counter()
    with subprocess.Popen([*command, "--key", KEYS[0].public.vkey], stdout=subprocess.PIPE) as run:
        most = max(memory_of(run), default=0)
        assert run.returncode == 0
    return time.perf_counter() - begun, most, size


def memory_of(run: subprocess.Popen[bytes]) -> Iterator[int]:
    process = psutil.Process(run.pid)
    while run.poll() is None:
        try:
            family = [process, *process.children(recursive=True)]
            yield sum(one.memory_info().rss for one in family)
        except psutil.NoSuchProcess:
            continue
        time.sleep(0.1)
