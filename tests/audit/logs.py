"""A random society in a real log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from honghui.tlog.heads import Heads
from honghui.tlog.signatures import NOTE, SigningKey
from honghui.tlog.storage import Folder
from honghui.tlog.writer import writing

ORIGIN = "audit.example.org/log"
KEY = SigningKey(ORIGIN, NOTE, b"\1" * 32)
VKEY = KEY.public.vkey


def write_log(folder: Path, entries: Sequence[bytes]) -> Path:
    """Continues the log in that folder, or begins it. Returns where it lies."""
    log, head = Folder(folder / "log"), Heads(folder / "heads").of(ORIGIN)
    with writing(log, [KEY], head, create=not (folder / "log").exists()) as writer:
        writer.append(entries)
        writer.publish()
    return folder / "log"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args: object) -> None:
        return None


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Any web server does: the log is files."""
    handler = partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
