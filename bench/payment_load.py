"""Signed notifications, made beforehand, and a lean client that sends each at its own time.

    python -m bench.payment_load PLAN      PLAN: a Load as JSON; prints seconds, failed, ms

It never waits for an answer before the next is due, as long as a connection is free; a latency
counts from when a notification was due, so a server that stalls cannot hide behind it. A patient
one tells again what was not answered with success.
"""

from __future__ import annotations

import asyncio
import json
import struct
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

LENGTH = struct.Struct(">I")
# Ahead of the run: signing takes a while too, and a signature counts for five minutes.
AHEAD_SECONDS = 5
AGAIN_SECONDS = 0.2


@dataclass(frozen=True)
class Load:
    """Notifications for the orders `first` … `first + count - 1`."""

    first: int
    count: int
    rate: int
    port: int
    connections: int
    file: str
    # A patient sender tells again until it is thanked, on a new connection, as platforms do.
    is_patient: bool = False


def sign_many(load: Load) -> None:
    """Writes the requests, as they travel, to the load's file; on both cores."""
    half = load.count // 2
    parts = [(load, 0, half), (load, half, load.count)]
    with ProcessPoolExecutor(2) as pool, Path(load.file).open("wb") as file:
        for part in pool.map(_signed, parts):
            file.write(part)


def _signed(part: tuple[Load, int, int]) -> bytes:
    from django.conf import settings

    from honghui.kernel import clock
    from honghui.payments.wechat.credentials import credentials, private_key

    load, begins, ends = part
    keys = Path(settings.WECHAT_KEYS)
    ours, key = credentials(), private_key(keys / "simulator" / "key.pem")
    serial = next(iter(ours.platform_keys))
    # Signing some hundred thousand takes a minute or two, before the first is sent.
    begun = clock.machine_now().timestamp() + AHEAD_SECONDS + load.count * 0.0002
    made = bytearray()
    for place in range(begins, ends):
        at = int(begun + (place / load.rate if load.rate else 0))
        request = _request(load.first + place, at, ours.sealing_key, key, serial)
        made += LENGTH.pack(len(request)) + request
    return bytes(made)


def _request(number: int, at: int, sealing_key, key, serial: str) -> bytes:  # type: ignore[no-untyped-def]
    from honghui.payments.wechat.client import NOTIFY_PATH
    from honghui.payments.wechat.notifications import seal_resource
    from honghui.payments.wechat.signing import sign_as_platform

    said = {
        "mchid": "9901000001", "appid": "wx9901000000000001", "out_trade_no": f"BENCH{number:08}",
        "transaction_id": f"4200{number:024}", "trade_type": "MWEB", "trade_state": "SUCCESS",
        "trade_state_desc": "支付成功", "bank_type": "OTHERS",
        "success_time": "2026-11-29T20:00:00+08:00", "payer": {"openid": f"oBench{number:022}"},
        "amount": {"total": 2000, "payer_total": 2000, "currency": "CNY", "payer_currency": "CNY"},
    }  # fmt: skip
    sealed = seal_resource(
        json.dumps(said).encode(), sealing_key, nonce=f"{number:012}", original="transaction"
    )
    body = json.dumps(
        {
            "id": f"{number:032}", "create_time": said["success_time"],
            "resource_type": "encrypt-resource", "event_type": "TRANSACTION.SUCCESS",
            "summary": "支付成功", "resource": sealed,
        }
    ).encode()  # fmt: skip
    signed = sign_as_platform(key, serial, body, timestamp=at, nonce=f"{number:032}")
    lines = [f"POST {NOTIFY_PATH} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += [f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in signed.as_headers().items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def requests_in(file: Path) -> Iterator[bytes]:
    content = file.read_bytes()
    place = 0
    while place < len(content):
        (length,) = LENGTH.unpack_from(content, place)
        place += LENGTH.size
        yield content[place : place + length]
        place += length


class Sender:
    """All connections take from one line of requests."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.requests = requests_in(Path(load.file))
        self.sent = 0
        self.failed: Counter[str] = Counter()
        self.ms: list[float] = []
        self.begun = 0.0

    async def run(self) -> None:
        self.begun = time.perf_counter()
        await asyncio.gather(*(self._work() for _one in range(self.load.connections)))

    async def _work(self) -> None:
        line = Line(self.load.port)
        for request in self.requests:
            place, self.sent = self.sent, self.sent + 1
            due = self.begun + place / self.load.rate if self.load.rate else time.perf_counter()
            wait = due - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            while True:
                status = await line.told(request)
                if status == "200":
                    break
                self.failed[status] += 1
                if not self.load.is_patient:
                    break
                await asyncio.sleep(AGAIN_SECONDS)
            self.ms.append((time.perf_counter() - due) * 1000)
        line.close()


class Line:
    """One connection, made anew when it broke."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.writer: asyncio.StreamWriter | None = None

    async def told(self, request: bytes) -> str:
        """The status of the answer, or "broken" where none came."""
        try:
            if self.writer is None:
                self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
            self.writer.write(request)
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            await self.reader.readexactly(length)
        except (OSError, EOFError):
            self.close()
            return "broken"
        return head[9:12].decode()

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.writer = None


def main() -> None:
    sender = Sender(Load(**json.loads(sys.argv[1])))
    asyncio.run(sender.run())
    seconds = time.perf_counter() - sender.begun
    json.dump({"seconds": seconds, "failed": sender.failed, "ms": sender.ms}, sys.stdout)


if __name__ == "__main__":
    main()
