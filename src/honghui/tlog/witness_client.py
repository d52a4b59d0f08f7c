"""Asks witnesses to cosign, and asks one what it has seen (C2SP tlog-witness, the log's side).

`Cosigners` is what a writer is given: it asks all witnesses at once, and k of n must sign before a
checkpoint is published. One that is slow or down does not hold up the others.

A witness that knows more of this log than we do, or something else, tells us that a backup was
restored here. Anyone could say so and stop us; so the witness must show it, signed by our own key.
Then nothing is published, however many others would sign.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from honghui.tlog.checkpoints import (
    CHECKPOINT_BYTES_MAX,
    Checkpoint,
    SignedCheckpoint,
    is_cosignature,
    open_checkpoint,
    parse_body,
)
from honghui.tlog.errors import (
    BadSignature,
    CouldNotCheck,
    Diverged,
    Malformed,
    NotProven,
    TlogError,
    WillNotSign,
)
from honghui.tlog.heads import origin_hash
from honghui.tlog.http import Address
from honghui.tlog.notes import Line, Note, parse_lines, verify_note
from honghui.tlog.signatures import Key
from honghui.tlog.tiles import CHECKPOINT
from honghui.tlog.tree import Tree
from honghui.tlog.witness import SIZE, TEXT, Request, parse_size

TIMEOUT_S = 10.0
# Once enough have signed, the others get this much longer.
GRACE_S = 0.5
# A 409 names the size to prove from; more than a few, and something moves under us.
TRIES = 4
ANSWER_BYTES_MAX = 65_536


@dataclass(frozen=True)
class RemoteWitness:
    """Where a witness answers, and its keys. `shows_at`: where it shows what it has seen, if that
    is another address."""

    location: str
    keys: tuple[Key, ...]
    shows_at: str = ""

    @property
    def name(self) -> str:
        return self.keys[0].name


class Contradicted(WillNotSign):
    """A witness shows, signed by our own key, what this log does not hold."""


class _Conflict(Exception):
    """The witness keeps a head of this size, which our proof did not begin at."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


def seen_by(
    witness: RemoteWitness, origin: str, log_keys: Sequence[Key], *, timeout_s: float = TIMEOUT_S
) -> SignedCheckpoint | None:
    """The newest head of a log that this witness has cosigned, verified; None if it knows of none.
    Raises NotProven when what it shows is not signed by both, CouldNotCheck."""
    place = witness.shows_at or witness.location
    source = Address(f"{place.rstrip('/')}/{origin_hash(origin)}", file_timeout_s=timeout_s)
    raw = source.read(CHECKPOINT, CHECKPOINT_BYTES_MAX)
    if raw is None:
        return None
    signed = open_checkpoint(raw, [*log_keys, *witness.keys], origin=origin)
    if not any(one.key in witness.keys for one in signed.verified):
        raise BadSignature(f"{witness.name} shows a head that it has not cosigned.")
    return signed


def ask(
    witness: RemoteWitness,
    note: Note,
    prove: Callable[[int], Sequence[bytes]],
    *,
    old: int = 0,
    timeout_s: float = TIMEOUT_S,
) -> tuple[Line, ...]:
    """The witness's lines under this checkpoint, verified. prove: the consistency proof from a
    size to the note's. old: the size it signed last, as far as known.

    Raises Diverged when the witness knows another history, WillNotSign when it is ahead of us,
    BadSignature or Malformed when its answer is not what it should be, CouldNotCheck."""
    head = parse_body(note.text)
    with _connected(witness.location, timeout_s) as post:
        for _ in range(TRIES):
            proof = prove(old) if 0 < old < head.size else ()
            try:
                return _ask_once(witness, post, Request(old, tuple(proof), note.raw), note)
            except _Conflict as conflict:
                _refuse_ahead(witness, conflict.size, old, head)
                old = conflict.size
    raise CouldNotCheck(f"{witness.name} named another size {TRIES} times.")


def _refuse_ahead(witness: RemoteWitness, known: int, told: int, head: Checkpoint) -> None:
    if known > head.size:
        raise WillNotSign(
            f"{witness.name} has seen {known} entries of {head.origin}, and we hold {head.size}.",
            "A backup was restored here. Run `honghui log recover` and name this witness.",
        )
    if known == told == head.size:  # version 1.0.0 of the standard says it so
        raise _other_history(witness, head)
    if known == told:
        raise Malformed(f"{witness.name} refuses the size {told} and names it.")


def _other_history(witness: RemoteWitness, head: Checkpoint) -> Diverged:
    return Diverged(
        f"{witness.name} says that this does not continue what it has seen of {head.origin}.\n"
        f"    asked to cosign {head}",
        "A backup was restored here. Run `honghui log recover` and name this witness.",
    )


Post = Callable[[bytes], tuple[int, str, bytes]]


def _ask_once(witness: RemoteWitness, post: Post, request: Request, note: Note) -> tuple[Line, ...]:
    status, kind, data = post(request.body)
    text = data.decode(errors="replace")
    if status == http.client.OK:
        return _accepted(witness, note, text)
    if status == http.client.CONFLICT:
        if kind.partition(";")[0].strip() != SIZE or not text.endswith("\n"):
            raise Malformed(f"{witness.name} answered 409 without a size.")
        raise _Conflict(parse_size(text[:-1]))
    if status == http.client.UNPROCESSABLE_ENTITY:
        raise _other_history(witness, parse_body(note.text))
    said = ascii(text.partition("\n")[0][:200])[1:-1]
    raise CouldNotCheck(f"{witness.name} answered {status}: {said}")


def _accepted(witness: RemoteWitness, note: Note, text: str) -> tuple[Line, ...]:
    """The lines of the witness's own keys, all of which hold; those of strangers are dropped."""
    answer = Note(note.text, parse_lines(text))
    verified = {(one.key.name, one.key.id) for one in verify_note(answer, witness.keys)}
    return tuple(line for line in answer.lines if (line.name, line.key_id) in verified)


@contextmanager
def _connected(location: str, timeout_s: float) -> Iterator[Post]:
    """Posts on one connection, which is cut at the deadline, wherever it stands by then."""
    until = time.monotonic() + timeout_s
    connection, path = _connection(location, timeout_s)
    opened: list[socket.socket] = []
    watch = threading.Timer(timeout_s, _cut, [opened])

    def post(body: bytes) -> tuple[int, str, bytes]:
        if time.monotonic() >= until:
            raise TimeoutError
        if not connection.sock:
            connection.connect()
            opened.append(connection.sock)
        headers = {"Content-Type": TEXT, "User-Agent": "honghui-tlog"}
        connection.request("POST", f"{path}/add-checkpoint", body, headers)
        with connection.getresponse() as answer:
            data = answer.read(ANSWER_BYTES_MAX + 1)
        if len(data) > ANSWER_BYTES_MAX:
            raise Malformed(f"The answer is longer than {ANSWER_BYTES_MAX} bytes.", where=location)
        if answer.length or time.monotonic() >= until:  # it was torn off, or cut off by us
            raise http.client.IncompleteRead(data)
        return answer.status, answer.headers.get("Content-Type", ""), data

    watch.start()
    try:
        yield post
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = isinstance(error, TimeoutError) or time.monotonic() >= until
        said = f"nothing whole within {timeout_s:g} s" if late else _plain(error)
        raise CouldNotCheck(f"There was no answer: {said}.", where=location) from error
    finally:
        watch.cancel()
        connection.close()


def _cut(opened: list[socket.socket]) -> None:
    for one in opened:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def _plain(error: Exception) -> str:
    return ascii(str(error) or type(error).__name__)[1:-1][:200]


def _connection(location: str, timeout_s: float) -> tuple[http.client.HTTPConnection, str]:
    try:
        parts = urlsplit(location)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or parts.scheme not in ("http", "https") or parts.query or parts.username:
        raise CouldNotCheck(
            "This is not an address of a witness.",
            "It begins with https://, and has no name, password or question mark.",
            where=location,
        )
    path = parts.path.rstrip("/")
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=timeout_s), path
    tls = ssl.create_default_context()
    return http.client.HTTPSConnection(host, port, timeout=timeout_s, context=tls), path


class Cosigners:
    """Witnesses of one log, and how many of them must sign. A writer's `cosign`.

    log_keys: our own log's keys, which tell a true contradiction from a false one. Call `close` at
    the end."""

    def __init__(
        self,
        witnesses: Sequence[RemoteWitness],
        quorum: int,
        log_keys: Sequence[Key],
        *,
        timeout_s: float = TIMEOUT_S,
        grace_s: float = GRACE_S,
    ) -> None:
        keys = [key for witness in witnesses for key in witness.keys]
        one_name_each = all(key.name == one.name for one in witnesses for key in one.keys)
        distinct = len({one.name for one in witnesses}) == len(witnesses)
        if not (all(map(is_cosignature, keys)) and one_name_each and distinct):
            raise WillNotSign("Each witness needs keys of its own, of the kind that cosigns.")
        if not 0 <= quorum <= len(witnesses):
            raise WillNotSign(f"{quorum} of {len(witnesses)} witnesses can never sign.")
        self.witnesses = tuple(witnesses)
        self.quorum = quorum
        self.log_keys = tuple(log_keys)
        self.timeout_s, self.grace_s = timeout_s, grace_s
        self._known: dict[RemoteWitness, int] = {}
        self._asked: dict[RemoteWitness, Future[tuple[Line, ...]]] = {}
        self._threads = ThreadPoolExecutor(max(1, len(witnesses)))

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)

    def __call__(self, note: Note, tree: Tree) -> list[Line]:
        """Raises WillNotSign, and says who answered what, unless enough have signed."""
        said: dict[RemoteWitness, str] = {}
        lines: dict[RemoteWitness, tuple[Line, ...]] = {}
        asked = self._ask_all(note, tree, said)
        until = time.monotonic() + self.timeout_s
        waiting = set(asked)
        while waiting:
            if len(lines) >= self.quorum:
                until = min(until, time.monotonic() + self.grace_s)
            done, waiting = wait(waiting, max(0, until - time.monotonic()), FIRST_COMPLETED)
            if not done:
                break
            for future in done:
                witness = asked[future]
                del self._asked[witness]
                try:
                    lines[witness] = future.result()
                except Contradicted:
                    raise
                except TlogError as error:
                    said[witness] = error.sentence
        if len(lines) < self.quorum:
            raise self._not_enough(lines, said)
        return [line for witness in self.witnesses for line in lines.get(witness, ())]

    def _ask_all(
        self, note: Note, tree: Tree, said: dict[RemoteWitness, str]
    ) -> dict[Future[tuple[Line, ...]], RemoteWitness]:
        """One that was too slow the last time is asked again once it has ended; what it brought
        then may be a contradiction."""
        alone = threading.Lock()  # a tree is for one thread at a time
        asked = {}
        for witness in self.witnesses:
            earlier = self._asked.get(witness)
            if earlier is not None and not earlier.done():
                said[witness] = "still busy with what it was asked before"
                continue
            self._asked.pop(witness, None)
            if earlier is not None and isinstance(error := earlier.exception(), Contradicted):
                raise error
            future = self._threads.submit(self._ask, witness, note, tree, alone)
            self._asked[witness] = future
            asked[future] = witness
        return asked

    def _ask(
        self, witness: RemoteWitness, note: Note, tree: Tree, alone: threading.Lock
    ) -> tuple[Line, ...]:
        def prove(old: int) -> list[bytes]:
            with alone:
                return tree.consistency(old)

        known = self._known.get(witness, 0)
        old = known if known <= tree.head.size else 0
        try:
            lines = ask(witness, note, prove, old=old, timeout_s=self.timeout_s)
        except (Diverged, WillNotSign):
            self._refuse_if_shown(witness, tree, alone)
            raise
        self._known[witness] = tree.head.size
        return lines

    def _refuse_if_shown(self, witness: RemoteWitness, tree: Tree, alone: threading.Lock) -> None:
        """Raises Contradicted when the witness can show, by our key, what it says of us."""
        try:
            signed = seen_by(witness, tree.head.origin, self.log_keys, timeout_s=self.timeout_s)
        except (NotProven, CouldNotCheck):
            return
        if signed is None:
            return
        hint = "A backup was restored here. Run `honghui log recover` and name this witness."
        if signed.head.size > tree.head.size:
            raise Contradicted(
                f"{witness.name} shows {signed.head.size} entries of {tree.head.origin}, signed by "
                f"our own key, and we hold {tree.head.size}.",
                hint,
            )
        try:
            with alone:
                tree.refuse_unless_continues(signed.head)
        except Diverged as error:
            raise Contradicted(f"{witness.name} shows otherwise. {error.sentence}", hint) from error

    def _not_enough(
        self, signed: Container[RemoteWitness], said: Mapping[RemoteWitness, str]
    ) -> WillNotSign:
        late = f"no answer within {self.timeout_s:g} s"
        rows = [
            f"    {one.name}: {'signed' if one in signed else said.get(one, late)}"
            for one in self.witnesses
        ]
        count = sum(one in signed for one in self.witnesses)
        return WillNotSign(
            "\n".join(
                [
                    f"Of {len(self.witnesses)} witnesses {self.quorum} must sign, and {count} did.",
                    *rows,
                ]
            ),
            "Nothing was published. They are asked again with the next checkpoint.",
        )
