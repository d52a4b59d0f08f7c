"""What the tests of witnesses share: histories to show them, and witnesses on this machine."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from honghui.tlog.checkpoints import Checkpoint
from honghui.tlog.hashing import leaf_hashes, root_of
from honghui.tlog.notes import Note, sign_note
from honghui.tlog.proofs import consistency_ranges
from honghui.tlog.signatures import SigningKey
from honghui.tlog.witness import Request, Witness, create_witness, open_witness
from honghui.tlog.witness_client import RemoteWitness
from honghui.tlog.witness_server import Server, application, running
from tests.tlog.conftest import LOG_KEY, ORIGIN, WITNESS_KEY

TIME_S = 1767225600


class History:
    """The first entries of a log, as its keeper would sign them."""

    def __init__(self, entries: Sequence[bytes], origin: str = ORIGIN) -> None:
        self.entries = list(entries)
        self.origin = origin

    def root(self, first: int, past: int) -> bytes:
        return root_of(leaf_hashes(self.entries[first:past]))

    def note(self, size: int, signers: Sequence[SigningKey] = (LOG_KEY,)) -> Note:
        head = Checkpoint(self.origin, size, self.root(0, size))
        return sign_note(head.body, signers, TIME_S)

    def proof(self, old: int, size: int) -> tuple[bytes, ...]:
        return tuple(self.root(first, past) for first, past in consistency_ranges(old, size))

    def request(self, old: int, size: int, signers: Sequence[SigningKey] = (LOG_KEY,)) -> bytes:
        proof = self.proof(old, size) if old < size else ()
        return Request(old, proof, self.note(size, signers).raw).body


GIFTS = History([b"gift 1\n", b"gift 2\n", b"use 1\n", *(b"gift %d\n" % n for n in range(3, 40))])
# The same first two entries, and another third.
FORK = History([b"gift 1\n", b"gift 2\n", b"use 2\n", *(b"gift %d\n" % n for n in range(3, 40))])


@dataclass
class Clock:
    now_s: float = TIME_S

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Place:
    """A witness's folder, key and clock; opened anew as after each start of the machine."""

    folder: Path
    signers: Sequence[SigningKey] = (WITNESS_KEY,)
    clock: Clock = field(default_factory=Clock)
    made: bool = False

    def open(self) -> Witness:
        if not self.made:
            create_witness(self.folder, self.signers)
            self.made = True
        logs = {ORIGIN: [LOG_KEY.public]}
        return open_witness(self.folder, self.signers, logs, clock=self.clock)


@contextmanager
def served(witness: Witness, prefix: str = "", **limits: float) -> Iterator[RemoteWitness]:
    """The witness at an address of this machine."""
    server = Server(application(witness, prefix), "127.0.0.1", 0, **limits)  # type: ignore[arg-type]
    with running(server):
        yield RemoteWitness(server.address + prefix, witness.keys)


def call(
    at: RemoteWitness, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, str, bytes]:
    parts = urlsplit(at.location)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, parts.path + path, body, named)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Content-Type", ""), answer.read()
    finally:
        connection.close()


def post(at: RemoteWitness, body: bytes) -> tuple[int, str, bytes]:
    return call(at, "POST", "/add-checkpoint", body)


def connect(at: RemoteWitness) -> socket.socket:
    parts = urlsplit(at.location)
    return socket.create_connection((parts.hostname, parts.port), timeout=20)


def everything(connection: socket.socket) -> bytes:
    """What comes until the other side closes."""
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts)
