"""The log under /log/: its files and no others, byte for byte, asking the database nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from honghui.journal import log_head, log_place
from honghui.tlog.tiles import CHECKPOINT

ENTRIES = 300
# No mark for the database: a query would fail the test.


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A log with a full tile, a full bundle, and a partial one of each."""
    settings.DATA_FOLDER = tmp_path
    settings.LOG_LOCATION = str(tmp_path / "log")
    settings.LOG_HEADS = str(tmp_path / "log-heads")
    settings.SIDE_FILES = str(tmp_path / "side-files")
    with log_place.writer() as writer:
        writer.append([b"entry %d" % index for index in range(ENTRIES)], at=0)
        writer.publish()
    yield tmp_path / "log"
    log_head._kept.clear()


def files(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def test_every_file_is_handed_out_as_it_lies(folder: Path, client: Client) -> None:
    names = files(folder)
    assert {"tile/0/000", "tile/0/001.p/44", "tile/entries/000", CHECKPOINT} <= set(names)
    for name in names:
        answer = client.get(f"/log/{name}")
        assert answer.status_code == 200, name
        assert answer.content == (folder / name).read_bytes()
        assert answer.headers["Content-Length"] == str(len(answer.content))
        assert "Content-Encoding" not in answer.headers


def test_a_cache_may_keep_a_tile_for_a_year_and_a_head_for_seconds(
    folder: Path, client: Client
) -> None:
    for name in files(folder):
        headers = client.get(f"/log/{name}", headers={"accept-language": "en"}).headers
        if name == CHECKPOINT:
            assert headers["Cache-Control"] == "max-age=2"
            assert headers["Content-Type"] == "text/plain; charset=utf-8"
        else:
            assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert headers["Content-Type"] == "application/octet-stream"
        assert "Vary" not in headers and "Content-Language" not in headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_cookie_is_set_even_where_one_is_brought(folder: Path, client: Client) -> None:
    """Nor is a session looked up, which would cost queries."""
    for brought in ("", "a" * 32):
        client.cookies["sessionid"] = brought
        for path in ("/log/checkpoint", "/log/nothing", "/open/texts/nothing"):
            answer = client.get(path)
            assert "Set-Cookie" not in str(answer.serialize_headers())
            assert "Vary" not in answer.headers


def test_only_the_head_of_an_answer_is_sent_to_who_asks_for_it(
    folder: Path, client: Client
) -> None:
    answer = client.head("/log/tile/0/000")
    assert answer.status_code == 200 and answer.content == b""
    assert answer.headers["Content-Length"] == str(256 * 32)


def test_who_has_it_already_is_not_sent_it_again(folder: Path, client: Client) -> None:
    first = client.get("/log/tile/0/000")
    again = client.get("/log/tile/0/000", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304 and again.content == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Vary" not in again.headers
    (folder / "tile/0/000").write_bytes(b"x" * 8192)
    other = client.get("/log/tile/0/000", headers={"if-none-match": first.headers["ETag"]})
    assert other.status_code == 200 and other.content == b"x" * 8192


HOSTILE = [
    "",
    "/",
    "checkpoint/",
    "CHECKPOINT",
    "checkpoint.new",
    "tile",
    "tile/0/002",
    "tile/0/001.p/45",
    "tile/0/001.p/044",
    "tile/0/001.p/256",
    "tile/0/001.p/0",
    "tile/0/x000/001",
    "tile/00/000",
    "tile/64/000",
    "tile/-1/000",
    "tile/0/٠٠٠",
    "tile/0/000%0a",
    "tile/entries/000.p/",
    "../secrets/log_key",
    "..%2fsecrets%2flog_key",
    "tile/../../secrets/log_key",
    "tile/0/../../../log-heads",
    "//etc/passwd",
    "%2e%2e/secrets/log_key",
    "a" * 5000,
]


@pytest.mark.parametrize("path", HOSTILE, ids=range(len(HOSTILE)))
def test_a_guessed_or_hostile_path_finds_nothing(folder: Path, client: Client, path: str) -> None:
    answer = client.get(f"/log/{path}")
    assert answer.status_code == 404
    assert b"PRIVATE" not in answer.content and b"root:" not in answer.content


def test_a_path_with_a_nul_is_refused(db: None, folder: Path, client: Client) -> None:
    assert client.get("/log/checkpoint%00").status_code == 400


def test_nothing_can_be_sent_to_the_log(folder: Path, client: Client) -> None:
    before = {name: (folder / name).read_bytes() for name in files(folder)}
    for send in (client.post, client.put, client.delete, client.patch):
        assert send("/log/checkpoint").status_code == 405
    assert {name: (folder / name).read_bytes() for name in files(folder)} == before


def test_a_log_that_cannot_be_read_says_come_again(folder: Path, client: Client) -> None:
    (folder / "tile/0/000").unlink()
    (folder / "tile/0/000").mkdir()
    answer = client.get("/log/tile/0/000")
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "60"
    assert str(folder) not in answer.content.decode()


def test_reading_makes_no_key(tmp_path: Path, settings: Any, client: Client) -> None:
    """Two processes that start together could each make one, and one would be lost."""
    settings.DATA_FOLDER = tmp_path
    settings.LOG_LOCATION = str(tmp_path / "log")
    for path in ("/open/log-key.txt", "/log/checkpoint"):
        assert client.get(path).status_code == 404
    assert list(tmp_path.iterdir()) == []
