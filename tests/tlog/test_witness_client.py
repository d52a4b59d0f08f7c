"""A log that asks its witnesses: enough sign, too few sign, and one that knows better."""

from __future__ import annotations

import contextlib
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from honghui.tlog.checkpoints import Checkpoint, open_checkpoint
from honghui.tlog.errors import BadSignature, CouldNotCheck, Diverged, Malformed, WillNotSign
from honghui.tlog.heads import Head, Heads
from honghui.tlog.notes import Note, sign_line
from honghui.tlog.recovery import recover
from honghui.tlog.signatures import COSIGNATURE, COSIGNATURE_MLDSA, SigningKey
from honghui.tlog.storage import Folder
from honghui.tlog.tiles import CHECKPOINT
from honghui.tlog.tree import Tree
from honghui.tlog.witness_client import Contradicted, Cosigners, RemoteWitness, ask, seen_by
from honghui.tlog.writer import writing
from tests.tlog.conftest import LOG_KEY, ORIGIN, WITNESS_KEY
from tests.tlog.witnessing import FORK, GIFTS, TIME_S, Place, post, served

LOG = [LOG_KEY.public]


class Keeper:
    """A log in a folder and whoever keeps it; `backup` and `restore` are a person's mistakes."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def storage(self) -> Folder:
        return Folder(self.root / "log")

    @property
    def head(self) -> Head:
        return Heads(self.root / "heads").of(ORIGIN)

    def publish(self, entries: Sequence[bytes], cosign: Cosigners) -> Checkpoint:
        with writing(
            self.storage, [LOG_KEY], self.head, cosign=cosign, clock=lambda: TIME_S, create=True
        ) as writer:
            writer.append(entries)
            return writer.publish()

    def shown(self) -> tuple[int, list[str]]:
        """The published size, and who signed it."""
        raw = self.storage.read(CHECKPOINT, 100_000)
        assert raw is not None
        signed = open_checkpoint(raw, [*LOG, *(one.signers[0].public for one in PLACES.values())])
        return signed.head.size, [one.key.name for one in signed.verified]

    def backup(self) -> Keeper:
        copy = self.root.with_name(f"{self.root.name}-copy")
        shutil.copytree(self.root, copy)
        return Keeper(copy)


PLACES: dict[int, Place] = {}


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    return Keeper(tmp_path / "keeper")


@pytest.fixture
def places(tmp_path: Path) -> list[Place]:
    PLACES.clear()
    for number in range(1, 4):
        key = SigningKey(f"witness.example.org/w{number}", COSIGNATURE, bytes([number + 1]) * 32)
        PLACES[number] = Place(tmp_path / f"witness-{number}", [key])
    return list(PLACES.values())


@contextmanager
def cosigners(
    at: Sequence[RemoteWitness], quorum: int, timeout_s: float = 3.0, grace_s: float = 0.5
) -> Iterator[Cosigners]:
    with contextlib.closing(
        Cosigners(at, quorum, LOG, timeout_s=timeout_s, grace_s=grace_s)
    ) as found:
        yield found


@contextmanager
def all_served(places: Sequence[Place]) -> Iterator[list[RemoteWitness]]:
    with ExitStack() as stack:
        yield [stack.enter_context(served(place.open(), "/w")) for place in places]


def down(place: Place) -> RemoteWitness:
    """Where nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    return RemoteWitness(f"http://127.0.0.1:{port}", (place.signers[0].public,))


def gifts(first: int, past: int) -> list[bytes]:
    return GIFTS.entries[first:past]


# A writer and its witnesses


def test_all_witnesses_sign_what_is_published(keeper: Keeper, places: list[Place]) -> None:
    with all_served(places) as at, cosigners(at, 3) as cosign:
        for first, past in [(0, 2), (2, 3), (3, 3), (3, 40)]:
            assert keeper.publish(gifts(first, past), cosign).size == past
            names = [place.signers[0].name for place in places]
            assert keeper.shown() == (past, [ORIGIN, *names])


def test_two_of_three_are_enough(keeper: Keeper, places: list[Place]) -> None:
    with all_served(places[:2]) as at, cosigners([*at, down(places[2])], 2) as cosign:
        assert keeper.publish(gifts(0, 3), cosign).size == 3
        assert [name[-2:] for name in keeper.shown()[1]] == ["ts", "w1", "w2"]


def test_without_enough_nothing_is_published_and_the_next_time_all_is(
    keeper: Keeper, places: list[Place]
) -> None:
    with all_served(places) as at:
        with cosigners(at, 3) as cosign:
            keeper.publish(gifts(0, 2), cosign)
        with cosigners([at[0], down(places[1]), down(places[2])], 2) as cosign:
            with pytest.raises(WillNotSign) as refused:
                keeper.publish(gifts(2, 3), cosign)
            said = str(refused.value).splitlines()
            assert said[0] == "Of 3 witnesses 2 must sign, and 1 did."
            assert said[1] == "    witness.example.org/w1: signed"
            assert said[2].startswith("    witness.example.org/w2: There was no answer:")
            assert keeper.shown()[0] == 2
        # The head is signed, so the next start finishes it before it goes on.
        with cosigners(at, 2) as cosign:
            assert keeper.publish(gifts(3, 5), cosign).size == 5
        assert keeper.shown()[0] == 5


def test_within_one_run_the_next_publication_goes_on(keeper: Keeper, places: list[Place]) -> None:
    with all_served(places[:1]) as at, cosigners(at, 1) as cosign:
        asked = {"refuse": False}

        def moody(note: Note, tree: Tree) -> list[object]:
            if asked["refuse"]:
                raise WillNotSign("not now")
            return list(cosign(note, tree))

        with writing(
            keeper.storage,
            [LOG_KEY],
            keeper.head,
            cosign=moody,
            create=True,  # type: ignore[arg-type]
        ) as writer:
            writer.append(gifts(0, 2))
            writer.publish()
            asked["refuse"] = True
            writer.append(gifts(2, 3))
            with pytest.raises(WillNotSign, match="not now"):
                writer.publish()
            assert keeper.shown()[0] == 2
            asked["refuse"] = False
            writer.append(gifts(3, 5))
            assert writer.publish().size == 5
        assert keeper.shown()[0] == 5


def test_a_slow_witness_does_not_hold_up_the_others(keeper: Keeper, places: list[Place]) -> None:
    with all_served(places[:2]) as at, speaking(None) as silent:
        slow = RemoteWitness(silent, (places[2].signers[0].public,))
        with cosigners([*at, slow], 2, timeout_s=3.0, grace_s=0.2) as cosign:
            begun = time.monotonic()
            keeper.publish(gifts(0, 3), cosign)
            keeper.publish(gifts(3, 5), cosign)
            assert time.monotonic() - begun < 2.5
            with pytest.raises(WillNotSign, match="w3: still busy"):
                cosign.quorum = 3
                keeper.publish(gifts(5, 6), cosign)


def test_none_need_sign_and_all_are_asked(keeper: Keeper, places: list[Place]) -> None:
    with all_served(places[:1]) as at:
        with cosigners([*at, down(places[1])], 0) as cosign:
            keeper.publish(gifts(0, 3), cosign)
        assert keeper.shown() == (3, [ORIGIN, "witness.example.org/w1"])


# A backup was restored


def test_a_witness_that_is_ahead_stops_the_writer_with_both_sizes(
    keeper: Keeper, places: list[Place]
) -> None:
    with all_served(places) as at, cosigners(at, 1) as cosign:
        keeper.publish(gifts(0, 2), cosign)
        old = keeper.backup()
        keeper.publish(gifts(2, 9), cosign)
        with pytest.raises(WillNotSign, match="shows 9 entries .* by our own key, and we hold 3"):
            old.publish(FORK.entries[2:3], cosign)
        assert old.shown()[0] == 2


def test_one_witness_that_shows_another_history_outweighs_a_quorum(
    keeper: Keeper, places: list[Place]
) -> None:
    with all_served(places) as at:
        with cosigners(at, 3) as cosign:
            keeper.publish(gifts(0, 2), cosign)
        old = keeper.backup()
        with cosigners(at[2:], 1) as cosign:
            keeper.publish(gifts(2, 3), cosign)
        # Two witnesses would sign either; the third was shown another third entry.
        with cosigners(at, 2) as cosign, pytest.raises(Contradicted, match="w3 shows otherwise"):
            old.publish(FORK.entries[2:9], cosign)
        assert old.shown()[0] == 2


def test_what_comes_too_late_stops_the_next_publication(
    keeper: Keeper, places: list[Place]
) -> None:
    with all_served(places[:1]) as at, cosigners(at, 1) as cosign:
        keeper.publish(gifts(0, 2), cosign)
        cosign._asked[at[0]] = late = Future()
        late.set_exception(Contradicted("It was shown more."))
        with pytest.raises(Contradicted, match="shown more"):
            keeper.publish(gifts(2, 3), cosign)
        assert keeper.publish(gifts(3, 4), cosign).size == 4


def test_a_witness_that_only_says_so_stops_nobody(keeper: Keeper, places: list[Place]) -> None:
    answer = b"HTTP/1.0 409 Conflict\r\nContent-Type: text/x.tlog.size\r\n\r\n99\n"
    with all_served(places[:2]) as at, speaking(answer) as liar:
        said = RemoteWitness(liar, (places[2].signers[0].public,))
        with cosigners([*at, said], 2) as cosign:
            assert keeper.publish(gifts(0, 3), cosign).size == 3
        with (
            cosigners([*at, said], 3) as cosign,
            pytest.raises(WillNotSign, match="w3 has seen 99 entries .* and we hold 5"),
        ):
            keeper.publish(gifts(3, 5), cosign)


def test_what_a_witness_has_seen_lets_a_restored_log_go_on(
    keeper: Keeper, places: list[Place]
) -> None:
    with all_served(places[:1]) as at, cosigners(at, 1) as cosign:
        keeper.publish(gifts(0, 2), cosign)
        old = keeper.backup()
        keeper.publish(gifts(2, 9), cosign)
        seen = seen_by(at[0], ORIGIN, LOG)
        assert seen is not None
        assert (seen.head.size, seen.cosigned_at_s) == (9, TIME_S)
        with pytest.raises(WillNotSign, match="9 entries"):
            recover(old.storage, old.head, LOG, copies=[], witnessed=[seen.raw])
        recover(old.storage, old.head, LOG, copies=[keeper.storage], witnessed=[seen.raw])
        assert old.publish(gifts(9, 12), cosign).size == 12


# What a witness shows


def test_a_witness_that_has_seen_nothing_says_so(places: list[Place]) -> None:
    with served(places[0].open()) as at:
        assert seen_by(at, ORIGIN, LOG) is None


def test_what_a_witness_shows_must_be_signed_by_both(places: list[Place]) -> None:
    stranger = SigningKey(WITNESS_KEY.name, COSIGNATURE, b"\x0f" * 32)
    with served(places[0].open()) as at:
        post(at, GIFTS.request(0, 3))
        with pytest.raises(BadSignature, match="has not cosigned"):
            seen_by(RemoteWitness(at.location, (stranger.public,)), ORIGIN, LOG)
        other_log = [SigningKey(ORIGIN, LOG_KEY.kind, b"\x0f" * 32).public]
        with pytest.raises(BadSignature, match="has not signed this head"):
            seen_by(at, ORIGIN, other_log)
        elsewhere = RemoteWitness("http://127.0.0.1:9", at.keys, shows_at=at.location + "/")
        assert seen_by(elsewhere, ORIGIN, LOG) is not None


# One witness's answer


def prove(old: int) -> Sequence[bytes]:
    return GIFTS.proof(old, 9)


def test_it_finds_the_witness_wherever_it_stands(places: list[Place]) -> None:
    with served(places[0].open()) as at:
        post(at, GIFTS.request(0, 3))
        for old in (0, 2, 3, 5, 9):
            [line] = ask(at, GIFTS.note(9), prove, old=old)
            assert at.keys[0].verify(GIFTS.note(9).text, line.blob) == TIME_S


def test_it_takes_every_line_of_the_witness_and_no_strangers(tmp_path: Path) -> None:
    keys = [WITNESS_KEY, SigningKey("witness.example.org/w2", COSIGNATURE_MLDSA, b"\x03" * 32)]
    with served(Place(tmp_path / "w", keys).open()) as at:
        assert [line.name for line in ask(at, GIFTS.note(9), prove)] == [key.name for key in keys]
        only = RemoteWitness(at.location, at.keys[:1])
        assert [line.name for line in ask(only, GIFTS.note(9), prove)] == [keys[0].name]


def test_a_witness_that_is_ahead_or_elsewhere_is_named(places: list[Place]) -> None:
    with served(places[0].open()) as at:
        post(at, GIFTS.request(0, 12))
        with pytest.raises(WillNotSign, match="has seen 12 entries .* and we hold 9"):
            ask(at, GIFTS.note(9), prove)
        with pytest.raises(Diverged, match="does not continue"):
            ask(at, FORK.note(12), lambda old: FORK.proof(old, 12))


def said(status: bytes, text: bytes = b"", kind: bytes = b"text/plain") -> bytes:
    return b"HTTP/1.0 %b\r\nContent-Type: %b\r\n\r\n%b" % (status, kind, text)


SIZE = b"text/x.tlog.size"
WRONG: dict[str, tuple[type[Exception], str, bytes | None]] = {
    "silence": (CouldNotCheck, "nothing whole within", None),
    "closed at once": (CouldNotCheck, "no answer", b""),
    "not HTTP": (CouldNotCheck, "no answer", b"SSH-2.0-x\r\n"),
    "404": (CouldNotCheck, "answered 404: no such log", said(b"404 No", b"no such log\n")),
    "500": (CouldNotCheck, "answered 500", said(b"500 No", b"\x1b[2J\xff")),
    "a redirect": (CouldNotCheck, "answered 307", said(b"307 No")),
    "nothing": (Malformed, "not ended", said(b"200 OK")),
    "no lines": (Malformed, "dash", said(b"200 OK", b"fine\n")),
    "another key's line": (
        BadSignature,
        "No key that we know",
        said(b"200 OK", str(sign_line(GIFTS.note(9).text, LOG_KEY, TIME_S)).encode()),
    ),
    "a line over another head": (
        BadSignature,
        "does not hold",
        said(b"200 OK", str(sign_line(GIFTS.note(8).text, WITNESS_KEY, TIME_S)).encode()),
    ),
    "409 of another kind": (Malformed, "without a size", said(b"409 No", b"3\n")),
    "409 without a number": (Malformed, "plain number", said(b"409 No", b"three\n", SIZE)),
    "409 without an end": (Malformed, "without a size", said(b"409 No", b"3", SIZE)),
    "409 with our own size": (Malformed, "refuses the size 0", said(b"409 No", b"0\n", SIZE)),
    "409 in circles": (Diverged, "does not continue", said(b"409 No", b"9\n", SIZE)),
    "an answer too long": (Malformed, "longer than", said(b"200 OK", b"x" * 70_000)),
    "endless headers": (
        CouldNotCheck,
        "more than 100 headers",
        b"HTTP/1.0 200 OK\r\n" + b"A: b\r\n" * 500,
    ),
    "a torn body": (
        CouldNotCheck,
        "no answer",
        b"HTTP/1.0 200 OK\r\nContent-Length: 90\r\n\r\nshort",
    ),
}


@contextmanager
def speaking(answer: bytes | None, pause_s: float = 0.0) -> Iterator[str]:
    """Says always the same, whatever it is asked; None: says nothing."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def serve() -> None:
        listener.settimeout(0.05)
        held = []
        while not stop.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                connection.settimeout(2)
                held.append(connection)
                if answer is not None:
                    _say(connection, answer, pause_s, stop)
        for one in held:
            one.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        thread.join()
        listener.close()


def _say(connection: socket.socket, answer: bytes, pause_s: float, stop: threading.Event) -> None:
    with connection:
        connection.recv(1_000_000)
        if not pause_s:
            connection.sendall(answer)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1_000_000)
            return
        for byte in answer:
            if stop.wait(pause_s):
                return
            connection.sendall(bytes([byte]))


@pytest.mark.parametrize("what", WRONG)
def test_an_answer_that_is_none_is_refused_by_name(what: str) -> None:
    error, match, answer = WRONG[what]
    with speaking(answer) as location, pytest.raises(error, match=match) as refused:
        at = RemoteWitness(location, (WITNESS_KEY.public,))
        ask(at, GIFTS.note(9), prove, timeout_s=0.5 if answer is None else 5)
    assert str(refused.value).replace("\n", "").isprintable()


def test_sizes_that_keep_moving_end(places: list[Place]) -> None:
    sizes = iter([b"1\n", b"2\n", b"1\n", b"2\n", b"1\n"])

    @contextmanager
    def moving() -> Iterator[str]:
        with socket.create_server(("127.0.0.1", 0)) as listener:

            def serve() -> None:
                with contextlib.suppress(OSError):
                    for size in sizes:
                        connection, _ = listener.accept()
                        _say(connection, said(b"409 No", size, SIZE), 0, threading.Event())

            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)

    with moving() as location, pytest.raises(CouldNotCheck, match="named another size 4 times"):
        ask(RemoteWitness(location, (WITNESS_KEY.public,)), GIFTS.note(9), prove)


@pytest.mark.parametrize("start", [b"", b"HTTP/1.0 200 OK\r\n\r\n"], ids=["headers", "body"])
def test_an_answer_a_byte_a_time_is_cut_off(start: bytes) -> None:
    with speaking(start + b"HTTP/1.0 200 OK\r\nX: " + b"y" * 400, 0.02) as location:
        begun = time.monotonic()
        with pytest.raises(CouldNotCheck, match=r"nothing whole within 1 s"):
            ask(RemoteWitness(location, (WITNESS_KEY.public,)), GIFTS.note(9), prove, timeout_s=1.0)
        assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    "location",
    ["", "ftp://w", "w.example.org", "http://", "https://u@w", "http://w:x", "http://w?a"],
)
def test_what_is_no_address_is_refused(location: str) -> None:
    with pytest.raises(CouldNotCheck, match="not an address"):
        ask(RemoteWitness(location, (WITNESS_KEY.public,)), GIFTS.note(9), prove)


@pytest.mark.parametrize(("names", "quorum"), [(("a", "a"), 1), (("a",), 2), (("a",), -1), ((), 1)])
def test_a_policy_that_can_never_be_met_is_refused(names: tuple[str, ...], quorum: int) -> None:
    at = [
        RemoteWitness(f"http://w/{n}", (SigningKey(name, COSIGNATURE, b"\x02" * 32).public,))
        for n, name in enumerate(names)
    ]
    with pytest.raises(WillNotSign):
        Cosigners(at, quorum, LOG)
    with pytest.raises(WillNotSign, match="kind that cosigns"):
        Cosigners([RemoteWitness("http://w", (LOG_KEY.public,))], 1, LOG)


def test_a_proof_that_we_cannot_make_is_our_own_trouble(
    keeper: Keeper, places: list[Place]
) -> None:
    """Whatever goes wrong on our side is said, too, and the writer does not break."""

    def broken(_old: int) -> Callable[[], None]:
        raise CouldNotCheck("The file is not there.", where="tile/0/000")

    with served(places[0].open()) as at:
        post(at, GIFTS.request(0, 3))
        with pytest.raises(CouldNotCheck, match="not there"):
            ask(at, GIFTS.note(9), broken)  # type: ignore[arg-type]
