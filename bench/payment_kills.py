"""1,000 notifications a second while web, database, sequencer and worker die by kill -9, in turn.

Whoever sends tells again until it is thanked, as platforms do. What was thanked for must be there
once, whatever died. A minute by default; BENCH_SECONDS=300 for five.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from bench.ledger.database import fresh_database
from bench.payments import HOME, RATE, SECONDS, WEB, missing, prepare, send, until_empty
from bench.table import Row

BETWEEN_SECONDS = (8.0, 16.0)


def rows() -> list[Row]:
    from honghui.kernel.postgres.server import EmbeddedServer

    with fresh_database() as address:
        os.environ |= {
            "HONGHUI_LOG_LEVEL": "CRITICAL", "HONGHUI_HOSTS": "127.0.0.1",
            "HONGHUI_WECHAT_KEYS": str(Path(os.environ["HONGHUI_DATA"]) / "wechat"),
        }  # fmt: skip
        prepare(address, RATE * SECONDS)
        house = House(EmbeddedServer(Path(os.environ["HONGHUI_DATA"]) / "postgres"))
        try:
            run = send(address, RATE * SECONDS, RATE, is_patient=True, beside=house.die)
            until_empty(address)
        finally:
            house.end()
        lost, unpaid = missing(address)
    times = ", ".join(f"{name} {count} ×" for name, count in house.killed.items())
    again = ", ".join(f"{count} × {status}" for status, count in run.failed.items())
    return [
        Row(f"{RATE:,}/s for {SECONDS} s under kill -9: thanked for and not kept", lost, 0, "",
            f"killed: {times}; all were thanked for after {run.seconds:.0f} s"),
        Row("kept, and not paid exactly once in the end", unpaid, 0, "", f"told again: {again}"),
    ]  # fmt: skip


class House:
    """The processes of `honghui up`, each started again when it died."""

    def __init__(self, server) -> None:  # type: ignore[no-untyped-def]
        from honghui.site.up import WEB_THREADS

        ours = [sys.executable, "-m"]
        self.server = server
        self.commands = {
            "web": [*WEB, str(WEB_THREADS), "honghui.site.wsgi:application"],
            "sequencer": [*ours, "honghui.cli", "sequencer", "run"],
            "worker": [*ours, "bench.payment_worker"],
        }
        self.killed: Counter[str] = Counter()
        self.running = {name: self._start(name) for name in self.commands}

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.commands[name], cwd=HOME, start_new_session=True, stderr=subprocess.DEVNULL
        )

    def die(self, done: threading.Event) -> None:
        """One after the other, until all is sent."""
        chance = random.Random(370)
        number = 0
        while not done.wait(chance.uniform(*BETWEEN_SECONDS)):
            victim = ("web", "database", "sequencer", "worker")[number % 4]
            number += 1
            self.killed[victim] += 1
            if victim == "database":
                self._kill_database()
            else:
                os.killpg(self.running[victim].pid, signal.SIGKILL)
            self.keep_up()

    def keep_up(self) -> None:
        """As `honghui up` or a service manager would."""
        time.sleep(0.1)
        for name, process in self.running.items():
            if process.poll() is not None:
                self.running[name] = self._start(name)

    def _kill_database(self) -> None:
        from honghui.kernel.postgres.place import locate
        from honghui.kernel.postgres.processes import find_postmaster

        running = find_postmaster(locate(self.server.data_folder) / "cluster")
        assert running is not None
        os.kill(running.pid, signal.SIGKILL)
        time.sleep(0.2)
        self.server.start()

    def end(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait(30)
