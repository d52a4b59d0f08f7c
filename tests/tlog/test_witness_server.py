"""The witness over real HTTP, and callers that are slow, endless, or many."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from honghui.tlog.heads import Heads, origin_hash
from honghui.tlog.witness import REQUEST_BYTES_MAX, Request
from honghui.tlog.witness_client import RemoteWitness
from honghui.tlog.witness_server import Server, application, running
from tests.tlog.conftest import ORIGIN
from tests.tlog.witnessing import (
    FORK,
    GIFTS,
    Place,
    call,
    connect,
    everything,
    post,
    served,
)

HOME = Path(__file__).resolve().parents[2]
SHOWN = f"/{origin_hash(ORIGIN)}/checkpoint"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "witness")


@pytest.fixture
def at(place: Place) -> Iterator[RemoteWitness]:
    with served(place.open(), "/witness") as found:
        yield found


def head_of(body: bytes, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return b"POST /witness/add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: %d\r\n\r\n" % size


# Each status, with its reason


def test_each_status_has_its_reason(at: RemoteWitness) -> None:
    first = post(at, GIFTS.request(0, 3))
    assert first[0] == 200
    assert first[2].startswith("\u2014 witness.example.org/w1 ".encode())
    again = [
        (post(at, b"old\n\n"), 400, b"The request has no empty line"),
        (post(at, GIFTS.request(4, 3)), 400, b"The log cannot shrink from 4 entries to 3."),
        (post(at, GIFTS.request(3, 4).replace(b"\xe2\x80\x94 ledger", b"\xe2\x80\x94 edger")), 403,
         b"No key that we know has signed this."),
        (post(at, GIFTS.request(3, 4).replace(b"\nledger", b"\nedger", 1)), 404,
         b"This witness does not follow that log."),
        (post(at, FORK.request(2, 4)), 409, b"3\n"),
        (post(at, FORK.request(3, 4)), 422, b"The old head at 3 entries does not follow"),
        (post(at, FORK.request(3, 3)), 422, b"The log has forked: one size, and two roots."),
    ]  # fmt: skip
    for (status, kind, text), expected, reason in again:
        assert (status, text[: len(reason)]) == (expected, reason)
        assert kind == ("text/x.tlog.size" if status == 409 else "text/plain; charset=utf-8")


def test_it_shows_its_latest_view_to_whoever_compares(at: RemoteWitness) -> None:
    assert call(at, "GET", SHOWN)[0] == 404
    post(at, GIFTS.request(0, 3))
    status, kind, shown = call(at, "GET", SHOWN)
    assert (status, kind) == (200, "text/plain; charset=utf-8")
    assert shown.startswith(GIFTS.note(3).raw)
    assert call(at, "HEAD", SHOWN) == (200, kind, b"")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/add-checkpoint", 405),
        ("PUT", "/add-checkpoint", 405),
        ("POST", SHOWN, 405),
        ("DELETE", SHOWN, 405),
        ("GET", "/", 404),
        ("GET", SHOWN.upper(), 404),
        ("GET", SHOWN + "/..", 404),
        ("GET", "/../../etc/passwd", 404),
        ("GET", "/" + "0" * 64 + "/checkpoint", 404),
        ("POST", "/add-checkpoint/", 404),
        ("BREW", "/add-checkpoint", 501),
    ],
)
def test_only_two_addresses_answer(at: RemoteWitness, method: str, path: str, status: int) -> None:
    post(at, GIFTS.request(0, 3))
    assert call(at, method, path)[0] == status


def test_a_connection_serves_many_requests(at: RemoteWitness) -> None:
    with connect(at) as connection:
        for old in range(3):
            body = GIFTS.request(old, old + 1)
            connection.sendall(head_of(body) + body)
            assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")


# Bodies that are not what they should be


def test_a_body_without_its_length_is_refused(at: RemoteWitness) -> None:
    for header in (b"", b"Transfer-Encoding: chunked\r\n"):
        with connect(at) as connection:
            connection.sendall(b"POST /witness/add-checkpoint HTTP/1.1\r\nHost: w\r\n" + header)
            connection.sendall(b"\r\n" + (b"5\r\nold 0\r\n0\r\n\r\n" if header else b""))
            assert connection.recv(65_536).startswith(b"HTTP/1.1 411 ")


@pytest.mark.parametrize(
    "length", [b"-1", b"1_0", b"x", b"0x10", b"9" * 13, b"5\r\nContent-Length: 6"]
)
def test_a_length_that_is_no_number_is_refused(at: RemoteWitness, length: bytes) -> None:
    with connect(at) as connection:
        connection.sendall(
            b"POST /witness/add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: %b\r\n\r\n"
            % length
        )
        assert everything(connection).startswith(b"HTTP/1.1 400 ")


def test_a_body_that_is_too_long_is_refused_before_it_is_read(at: RemoteWitness) -> None:
    assert post(at, b"x" * (REQUEST_BYTES_MAX + 1))[0] == 413
    with connect(at) as connection:
        connection.sendall(head_of(b"", 10**11))
        assert connection.recv(65_536).startswith(b"HTTP/1.1 413 ")


def test_the_longest_body_is_read(at: RemoteWitness) -> None:
    body = GIFTS.request(0, 3)
    assert post(at, body + b"x" * (REQUEST_BYTES_MAX - len(body)))[0] == 400


def test_an_endless_body_ends(at: RemoteWitness) -> None:
    with connect(at) as connection, pytest.raises(OSError):
        connection.sendall(head_of(b"", 10**11))
        begun = time.monotonic()
        while time.monotonic() - begun < 20:
            connection.sendall(b"x" * 65_536)
        pytest.fail("it was read for 20 seconds")


def test_a_body_that_ends_too_early_is_refused(at: RemoteWitness) -> None:
    body = GIFTS.request(0, 3)
    with connect(at) as connection:
        connection.sendall(head_of(body, len(body) + 1) + body)
        connection.shutdown(1)
        assert everything(connection).startswith(b"HTTP/1.1 400 ")
    assert call(at, "GET", SHOWN)[0] == 404


def test_what_is_left_of_a_refused_body_is_no_request(at: RemoteWitness) -> None:
    inner = b"GET /witness" + SHOWN.encode() + b" HTTP/1.1\r\nHost: w\r\n\r\n"
    with connect(at) as connection:
        connection.sendall(
            b"POST /witness/nowhere HTTP/1.1\r\nHost: w\r\nContent-Length: %d\r\n\r\n" % len(inner)
        )
        connection.sendall(inner)
        assert everything(connection).count(b"HTTP/1.1 ") == 1


# Callers that take their time, or come in crowds


def test_slow_callers_are_let_go(place: Place) -> None:
    body = GIFTS.request(0, 3)
    starts = [b"", b"POST /add", head_of(body), head_of(body) + body[:20]]
    with served(place.open(), "/witness", request_timeout_s=1.0) as at:
        callers = [connect(at) for _ in starts]
        for caller, start in zip(callers, starts, strict=True):
            caller.sendall(start)
        begun = time.monotonic()
        answers = [everything(caller)[:13] for caller in callers]
        assert time.monotonic() - begun < 4
        assert answers == [b"", b"", b"HTTP/1.1 408 ", b"HTTP/1.1 408 "]
        for caller in callers:
            caller.close()


def test_a_caller_that_sends_a_byte_a_time_is_let_go_too(place: Place) -> None:
    with served(place.open(), request_timeout_s=1.0) as at, connect(at) as caller:
        begun = time.monotonic()
        with pytest.raises(OSError):
            for byte in b"POST /add-checkpoint HTTP/1.1\r\n" + b"X-Y: z\r\n" * 100:
                caller.sendall(bytes([byte]))
                time.sleep(0.05)
        assert time.monotonic() - begun < 4


def test_when_all_places_are_taken_it_says_so(place: Place) -> None:
    with served(place.open(), connections_max=2, request_timeout_s=2.0) as at:
        silent = [connect(at), connect(at)]
        time.sleep(0.2)
        assert call(at, "GET", SHOWN)[0] == 503
        for one in silent:
            one.close()
        for _ in range(50):
            if call(at, "GET", SHOWN)[0] == 404:
                return
            time.sleep(0.1)
        pytest.fail("no place became free again")


def test_many_at_once_are_all_answered(place: Place) -> None:
    answers: list[int] = []
    with served(place.open()) as at:
        threads = [
            threading.Thread(target=lambda: answers.append(post(at, GIFTS.request(0, 3))[0]))
            for _ in range(40)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(answers) == 40
    assert set(answers) <= {200, 409}
    assert answers.count(200) == 1


def test_closing_waits_for_answers_and_not_for_the_silent(place: Place) -> None:
    with served(place.open()) as at:
        idle = connect(at)
        assert post(at, GIFTS.request(0, 3))[0] == 200
        begun = time.monotonic()
    assert time.monotonic() - begun < 3
    assert everything(idle) == b""
    idle.close()


def test_a_fault_is_an_answer_too(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    witness = place.open()

    def broken(_body: bytes) -> Any:
        raise ZeroDivisionError

    witness.add_checkpoint = broken  # type: ignore[method-assign]
    with served(witness) as at:
        status, _kind, text = post(at, GIFTS.request(0, 3))
    assert (status, text[:24]) == (500, b"The witness has a fault.")
    assert "ZeroDivisionError" in caplog.text


def test_it_logs_one_line_a_request_and_nobodys_address(
    at: RemoteWitness, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "honghui.tlog.witness")
    post(at, GIFTS.request(0, 3))
    post(at, GIFTS.request(2, 4))
    with connect(at) as connection:
        connection.sendall(b"GET /%0a\x1b[2J\x7f" + b"x" * 300 + b" HTTP/1.0\r\n\r\n")
        assert everything(connection).startswith(b"HTTP/1.1 404 ")
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 3
    assert lines[0].startswith("POST /witness/add-checkpoint 200 ")
    assert lines[1].endswith(" ms 3")
    assert all(line.isprintable() and len(line) < 350 for line in lines)
    assert not any("127.0.0.1" in line for line in lines)


def test_another_wsgi_server_may_run_it(place: Place) -> None:
    """One that ends the body by itself need not tell its length."""
    from io import BytesIO

    began: list[str] = []
    respond = application(place.open(), "/w")
    body = GIFTS.request(0, 3)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "/w",
        "PATH_INFO": "/add-checkpoint",
        "wsgi.input": BytesIO(body),
        "wsgi.input_terminated": True,
    }

    def start(status: str, *_: object) -> Any:
        began.append(status.split()[0])  # Python 3.13 words the rest anew

    b"".join(respond(environ, start))
    environ["wsgi.input"] = BytesIO(b"x" * (REQUEST_BYTES_MAX + 1))
    b"".join(respond(environ, start))
    assert began == ["200", "413"]


# Killed


SERVE = """
import os, sys
from pathlib import Path
from honghui.tlog import files
from honghui.tlog.witness_server import serve
from tests.tlog.witnessing import Place
if sys.argv[2] == "stops":
    keep = files._force
    def kept_and_stopped(folder):
        keep(folder)
        os._exit(9)
    files._force = kept_and_stopped
import logging
logging.basicConfig(level="INFO", stream=sys.stdout, format="%(message)s")
serve(Place(Path(sys.argv[1]), made=True).open(), "127.0.0.1", 0, prefix="/witness")
"""


def start_process(place: Place, how: str) -> tuple[subprocess.Popen[str], RemoteWitness]:
    keys = place.open().keys
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(place.folder), how],
        cwd=HOME, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": f"{HOME / 'src'}:{HOME}", "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdout
    said = process.stdout.readline()
    assert "is at http://" in said
    return process, RemoteWitness(said.split()[-1], keys)


def test_killed_between_keeping_and_answering_it_goes_on_from_what_it_kept(place: Place) -> None:
    assert place.open().add_checkpoint(GIFTS.request(0, 3)).status == 200
    process, at = start_process(place, "stops")
    with process, pytest.raises(OSError):
        post(at, GIFTS.request(3, 5))
    assert process.returncode == 9
    kept = Heads(place.folder).of(ORIGIN).checkpoint()
    assert kept is not None and kept.size == 5
    process, at = start_process(place, "goes on")
    with process:
        assert post(at, GIFTS.request(3, 5)) == (409, "text/x.tlog.size", b"5\n")
        assert post(at, FORK.request(5, 6))[0] == 422
        assert post(at, Request(5, (), GIFTS.note(5).raw).body)[0] == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_a_server_is_bound_once_made(place: Place) -> None:
    server = Server(application(place.open()), "::1", 0)
    assert server.address.startswith("http://[::1]:")
    with running(server):
        at = RemoteWitness(server.address, ())
        assert call(at, "GET", SHOWN)[0] == 404
