"""A log read over HTTP from a server that lies, drips, floods or breaks off."""

from __future__ import annotations

import gzip
import multiprocessing
import pickle
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from honghui.tlog import http as log_http
from honghui.tlog.checkpoints import CHECKPOINT_BYTES_MAX
from honghui.tlog.errors import CouldNotCheck, Malformed
from honghui.tlog.http import Address
from honghui.tlog.tiles import CHECKPOINT, Tile
from honghui.tlog.tree import TILE_BYTES, Tree
from honghui.tlog.verification import verify_log
from tests.tlog.bad_server import CLOSE, RESET, Answer, answering, http
from tests.tlog.conftest import SampleLog

TILE = Tile(0, 0).path
DATA = bytes(range(256)) * 32
Pieces = Iterator[bytes | float]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_http, "WAITS_S", (0.001, 0.001))


def always(*pieces: bytes | float) -> Answer:
    return lambda _number: iter(pieces)


def read(answer: Answer, path: str = TILE, *, limit: int = TILE_BYTES, file_s: float = 5) -> object:
    with answering(answer) as server:
        address = Address(server.location, file_timeout_s=file_s)
        try:
            return address.read(path, limit)
        finally:
            address.close()


def endless(start: bytes, piece: bytes) -> Answer:
    def answer(_number: int) -> Pieces:
        yield start
        while True:
            yield piece

    return answer


def test_a_file_is_read_and_one_that_is_not_there_is_none() -> None:
    assert read(always(http(DATA))) == DATA
    assert read(always(http(b""))) == b""
    assert read(always(http(b"no such page", status="404 Not Found"))) is None
    assert read(always(http(b"x" * 300_000, status="404 Not Found"))) is None


def test_each_request_names_the_file_and_asks_for_nothing_else() -> None:
    with answering(always(http(DATA))) as server:
        address = Address(f"{server.location}/")
        address.read(TILE, TILE_BYTES)
        address.read(CHECKPOINT, CHECKPOINT_BYTES_MAX)
        address.close()
    tile, checkpoint = (one.decode().lower() for one in server.requests)
    assert tile.startswith("get /gifts/tile/0/000 http/1.1\r\n")
    assert "accept-encoding: gzip, identity\r\n" in tile and "cache-control" not in tile
    assert checkpoint.startswith("get /gifts/checkpoint http/1.1\r\n")
    assert "cache-control: no-cache\r\n" in checkpoint


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
GZIPPED = CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")
EMPTY_GZIPS = gzip.compress(b"") * 1000
K64 = b"x" * 65_536


@pytest.mark.parametrize(
    "answer",
    [
        endless(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", K64),
        endless(CHUNKED, b"10000\r\n" + K64 + b"\r\n"),
        endless(CHUNKED, b"1;" + b"x" * 60_000 + b"\r\nx\r\n"),
        endless(CHUNKED + b"-1\r\n", K64),
        endless(CHUNKED + b"1\r\nx\r\n0\r\n", b"A: b\r\n" * 1000),
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
        always(http(b"x" * (TILE_BYTES + 1))),
        endless(GZIPPED, b"%x\r\n%s\r\n" % (len(EMPTY_GZIPS), EMPTY_GZIPS)),
    ],
    ids=[
        "a huge length", "chunks", "wordy chunks", "a negative chunk", "trailers", "continue",
        "one byte too many", "empty gzips",
    ],
)  # fmt: skip
def test_an_answer_that_does_not_end_is_refused_and_not_kept(answer: Answer) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(Malformed, match=f"does not end within {TILE_BYTES} bytes"):
            read(answer)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_an_oversize_checkpoint_is_refused() -> None:
    with pytest.raises(Malformed, match="does not end within 100000 bytes"):
        read(always(http(b"x" * 100_001)), CHECKPOINT, limit=CHECKPOINT_BYTES_MAX)


def dripping(start: bytes, drop: bytes) -> Answer:
    def answer(_number: int) -> Pieces:
        yield start
        while True:
            yield drop
            yield 0.02

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 8192\r\n\r\n", b"x"),
        dripping(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
        dripping(CHUNKED, b"1\r\nx\r\n"),
        dripping(b"", b""),
    ],
    ids=["body", "headers", "chunks", "nothing at all"],
)
def test_an_answer_that_drips_ends_with_our_patience(answer: Answer) -> None:
    start = time.monotonic()
    with pytest.raises(CouldNotCheck, match=r"3 times: (the answer did not end in time|timed out)"):
        read(answer, file_s=0.15)
    assert time.monotonic() - start < 3


@pytest.mark.parametrize(
    "answer",
    [
        always(b"HTTP/1.1 200 OK\r\nContent-Length: 8192\r\n\r\n" + DATA[:100], CLOSE),
        always(CHUNKED + b"1000\r\nabc", CLOSE),
        always(b"HTTP/1.1 200 OK\r\nContent-Le", CLOSE),
        always(CLOSE),
        always(RESET),
        always(b"HTTP/1.1 200 OK\r\nContent-Length: 8192\r\n\r\n" + DATA[:100], RESET),
        always(b"HTTP/1.1 200 OK\r\n\r\n" + DATA, CLOSE),
        always(b"SSH-2.0-OpenSSH_9.2\r\n"),
        always(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n"),
        always(b"HTTP/1.1 200 OK\r\nA: " + b"b" * 70_000 + b"\r\n\r\n"),
        always(CHUNKED + b"zz\r\n"),
        always(http(b"later", status="500 Oops")),
        always(http(b"later", status="429 Too Many Requests")),
    ],
    ids=[
        "half a body", "half a chunk", "half a header", "nothing", "reset", "reset in the body",
        "no length", "not HTTP", "many headers", "a long header", "no chunk", "500", "429",
    ],
)  # fmt: skip
def test_a_failure_is_tried_again_and_then_named(answer: Answer) -> None:
    with answering(answer) as server:
        address = Address(server.location)
        with pytest.raises(CouldNotCheck, match="did not give the file, 3 times: .+") as failed:
            address.read(TILE, TILE_BYTES)
    assert len(server.requests) == 3
    assert failed.value.where == TILE and len(failed.value.sentence) < 400


@pytest.mark.parametrize(
    "first",
    [
        (http(status="503 Busy"),),
        (http(status="500 Oops"), CLOSE),
        (RESET,),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", CLOSE),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + b"left over", RESET),
    ],
    ids=["503", "500 and gone", "reset", "truncated", "reset after a whole body"],
)
def test_what_fails_once_or_twice_is_read_in_the_end(first: tuple[bytes, ...]) -> None:
    def answer(number: int) -> Pieces:
        yield from first if number < 2 else (http(DATA),)

    with answering(answer) as server:
        address = Address(server.location)
        for _ in range(3):
            found = address.read(TILE, TILE_BYTES)
            assert found in (DATA, b"left ")
        assert found == DATA
        address.close()


def test_a_connection_that_the_server_closed_in_the_meantime_costs_no_file() -> None:
    with answering(always(http(DATA), CLOSE)) as server:
        address = Address(server.location)
        for _ in range(4):
            assert address.read(TILE, TILE_BYTES) == DATA
        address.close()


def test_a_body_longer_than_it_says_does_not_become_the_next_file() -> None:
    """What is left over stands in the pipe like an answer: it must not be taken for one."""
    forged = http(b"forged")
    with answering(always(http(DATA) + forged)) as server:
        address = Address(server.location)
        found = {address.read(TILE, TILE_BYTES) for _ in range(4)}
        address.close()
    # Forged or not, a file counts only once it is proven. But here it is not even read.
    assert found == {DATA}


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize("target", ["http://10.0.0.1/", "/elsewhere", "https://log.example.org\t"])
def test_a_redirect_is_told_and_not_followed(status: str, target: str) -> None:
    with answering(always(http(b"", f"Location: {target}", status=status))) as server:
        with pytest.raises(CouldNotCheck, match="sends us on to .*we do not follow") as refused:
            Address(server.location).read(TILE, TILE_BYTES)
        assert target.strip() in refused.value.sentence
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", ["204 Empty", "206 Part", "400 Bad", "401 Who", "403 No"])
def test_another_answer_is_a_refusal_and_not_asked_for_again(status: str) -> None:
    answer = f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()
    with (
        answering(always(answer)) as server,
        pytest.raises(CouldNotCheck, match=f"it answered {status[:3]}"),
    ):
        Address(server.location).read(TILE, TILE_BYTES)
    assert len(server.requests) == 1


def test_nothing_that_a_server_says_reaches_the_terminal_as_it_is() -> None:
    evil = "\x1b]0;owned\x07"
    for answer in (
        http(status=f"500 {evil}"),
        http(status=f"403 {evil}"),
        http(b"", f"Location: {evil}", status="302 Found"),
        http(b"", f"Content-Encoding: {evil}"),
        f"{evil}\r\n\r\n".encode(),
    ):
        with pytest.raises((CouldNotCheck, Malformed)) as refused:
            read(always(answer))
        assert "\x1b" not in str(refused.value) and "\x07" not in str(refused.value)


def packed(body: bytes, encoding: str = "gzip") -> Answer:
    return always(http(body, f"Content-Encoding: {encoding}"))


def test_gzip_that_was_not_asked_for_is_unpacked() -> None:
    assert read(packed(gzip.compress(DATA))) == DATA
    assert read(packed(gzip.compress(DATA, 0), "GZIP")) == DATA
    halves = gzip.compress(DATA[:99]) + gzip.compress(DATA[99:])
    assert read(packed(halves)) == DATA
    assert read(packed(DATA, "identity")) == DATA


def test_a_full_bundle_that_gzip_could_only_make_longer_is_still_read() -> None:
    limit = 256 * 65_537
    noise = multiprocessing.current_process().authkey * (limit // 32 + 1)
    longest = gzip.compress(noise[:limit], 0)
    assert len(longest) > limit + 1024
    assert read(packed(longest), limit=limit) == noise[:limit]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (gzip.compress(b"\0" * 8_000_000), "does not end within 8192 bytes"),
        (gzip.compress(gzip.compress(b"\0" * 900_000_000, 1)[:7000] * 40), "within 8192 bytes"),
        (b"no gzip at all", "says it is gzip, and is not"),
        (gzip.compress(DATA)[:-9], "says it is gzip, and is not"),
        (gzip.compress(DATA)[:-1] + b"\xff", "says it is gzip, and is not"),
        (gzip.compress(DATA)[:30] + b"\xff" * 60, "says it is gzip, and is not"),
        (gzip.compress(DATA) + b"more", "says it is gzip, and is not"),
        (b"", ""),
    ],
    ids=["bomb", "bomb in a bomb", "no gzip", "cut", "wrong length", "broken", "more", "nothing"],
)
def test_what_says_it_is_gzip_is_believed_no_further_than_it_goes(
    body: bytes, sentence: str
) -> None:
    if not sentence:
        assert read(packed(body)) == b""
        return
    tracemalloc.start()
    try:
        with pytest.raises(Malformed, match=sentence):
            read(packed(body))
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "zstd"])
def test_another_packing_is_refused(encoding: str) -> None:
    with pytest.raises(Malformed, match="packed in a way not asked for"):
        read(packed(DATA, encoding))


def test_connections_are_kept_and_never_shared_at_the_same_time() -> None:
    with answering(always(0.02, http(DATA))) as server:
        address = Address(server.location)
        for _ in range(5):
            address.read(TILE, TILE_BYTES)
        assert server.connections == 1
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda _: address.read(TILE, TILE_BYTES), range(20)))
        assert 2 <= server.connections <= 4
        address.close()
        assert address.read(TILE, TILE_BYTES) == DATA
        address.close()


def test_another_process_makes_its_own_connections() -> None:
    with answering(always(http(DATA))) as server:
        address = Address(server.location, file_timeout_s=7)
        assert address.read(TILE, TILE_BYTES) == DATA
        again = pickle.loads(pickle.dumps(address))
        assert again.read(TILE, TILE_BYTES) == DATA
        assert again._file_timeout_s == 7 and str(again) == server.location
        assert server.connections == 2
        again.close()
        address.close()


def test_a_whole_log_is_verified_over_http(sample_log: Callable[[int], SampleLog]) -> None:
    log = sample_log(700)

    with answering(lambda number: iter([answer_of(number)])) as server:

        def answer_of(number: int) -> bytes:
            path = server.requests[number].split(b" ")[1].decode().removeprefix("/gifts/")
            data = log.storage.read(path, 1_000_000)
            return http(status="404 Not Found") if data is None else http(data)

        address = Address(server.location)
        verify_log(address, log.head, processes=1)
        assert Tree(address, log.head).entry(699) == log.entries[699]
        assert server.connections <= address.parallel
        address.close()


@pytest.mark.parametrize(
    "location",
    [
        "ftp://log.example.org", "http://", "https://[::1", "http://log.example.org:port",
        "http://log.example.org:99999", "http://name:secret@log.example.org", "http://a..b/",
        "https://log.example.org/gifts?x=1", "https://log.example.org/gifts#x", "log.example.org",
        f"http://{'x' * 70}.org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(location: str) -> None:
    with pytest.raises(CouldNotCheck, match="not an address of a log"):
        Address(location)


def test_a_prefix_with_other_letters_is_asked_for_as_a_browser_would() -> None:
    with answering(always(http(DATA))) as server:
        address = Address(f"{server.location}/捐赠 1/a%20b\r\nX: y")
        assert address.read(TILE, TILE_BYTES) == DATA
        address.close()
    line = server.requests[0].split(b"\r\n")[0]
    assert line == b"GET /gifts/%E6%8D%90%E8%B5%A0%201/a%20bX:%20y/tile/0/000 HTTP/1.1"


def test_nobody_there_is_said() -> None:
    with answering(always(CLOSE)) as server:
        pass
    with pytest.raises(CouldNotCheck, match="Connection refused"):
        Address(server.location).read(TILE, TILE_BYTES)


@pytest.mark.parametrize("path", ["../x", "/checkpoint", "tile/0/%2e%2e", "checkpoint?x", ""])
def test_a_path_that_is_none_of_a_log_is_not_asked_for(path: str) -> None:
    with answering(always(http(DATA))) as server:
        with pytest.raises(Malformed, match="no path of a log"):
            Address(server.location).read(path, TILE_BYTES)
        assert not server.requests
