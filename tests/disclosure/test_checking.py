"""A stranger checks the running site: from another folder, with nothing but its address and key.

The site is a process of its own, the sequencer has published the sample world, and every check is
a process that knows no database. Then somebody changes one bit of a served file.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Literal

import psycopg
import pytest
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from honghui.record.publishing import reference_files
from honghui.tlog.bundles import decode_entries
from honghui.tlog.checkpoints import parse_body
from honghui.tlog.notes import parse_note
from honghui.tlog.tiles import bundle_of, tile_of
from honghui.worlds import cast
from tests.browser import Site, serving, watched
from tests.browsing.looking import DESKTOP, PHONE, barriers, english_sentences, overflow

PUBLISHED_SECONDS_MAX = 60


@dataclass(frozen=True)
class Open:
    """The running site, its folder of log files, and the key as it is printed."""

    site: Site
    files: Path
    key: str

    @property
    def log(self) -> str:
        return f"{self.site}/log/"

    @property
    def size(self) -> int:
        return parse_body(parse_note((self.files / "checkpoint").read_bytes()).text).size


@pytest.fixture(scope="module")
def open_site(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Open]:
    data = tmp_path_factory.mktemp("data")
    with serving(django_db_blocker, data) as site:
        publish_all(site)
        yield Open(site, data / "log", get(f"{site}/open/log-key.txt").decode().split()[0])


def publish_all(site: Site) -> None:
    """The real sequencer, until the world sees everything that is in the books."""
    command = [sys.executable, "-m", "honghui.cli", "sequencer", "run"]
    process = subprocess.Popen(command, env=site.environment, start_new_session=True)
    try:
        until = time.monotonic() + PUBLISHED_SECONDS_MAX
        while time.monotonic() < until:
            if process.poll() is not None:
                pytest.fail("the sequencer ended by itself")
            if is_level(site):
                return
            time.sleep(0.1)
        pytest.fail("the sequencer did not publish the sample world")
    finally:
        process.terminate()
        process.wait(20)


def is_level(site: Site) -> bool:
    with psycopg.connect(site.database) as connection:
        row = connection.execute(
            "SELECT published, (SELECT count(*) FROM journal_record),"
            " (SELECT count(*) FROM ledger_arrival) FROM journal_logstate"
        ).fetchone()
    return row is not None and row[0] == row[1] > 0 and row[2] == 0


def get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return bytes(answer.read())


def stranger(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python somewhere else, without any setting of ours."""
    ours = ("HONGHUI_", "DATABASE_", "DJANGO_")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=bare, capture_output=True, text=True
    )


def honghui(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return stranger(folder, "-m", "honghui.cli", *arguments)


@contextmanager
def one_bit_changed(path: Path, at: int) -> Iterator[None]:
    kept = path.read_bytes()
    changed = bytearray(kept)
    changed[at] ^= 1
    path.write_bytes(bytes(changed))
    try:
        yield
    finally:
        path.write_bytes(kept)


def test_one_command_from_another_folder_proves_the_books(open_site: Open, tmp_path: Path) -> None:
    done = honghui(tmp_path, "audit", open_site.log, "--key", open_site.key, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["proven"] is True and report["records"] == open_site.size
    assert list(tmp_path.iterdir()) == []


def test_the_command_on_the_page_is_the_one_that_works(open_site: Open, tmp_path: Path) -> None:
    page = unescape(re.sub(r"<[^>]+>", "", get(f"{open_site.site}/open/").decode()))
    command = re.search(r"^ *honghui audit (\S+) --key '(\S+)'$", page, re.M)
    assert command is not None
    done = honghui(tmp_path, "audit", command[1], "--key", command[2])
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("what", ["entries", "tile"])
def test_one_changed_bit_is_found_and_named(open_site: Open, tmp_path: Path, what: str) -> None:
    last = (open_site.size - 1) // 256
    bundle, tile = bundle_of(open_site.size, last), tile_of(open_site.size, 0, last)
    path = bundle.path if what == "entries" else tile.path
    # Within the text of an entry, or within the hash of one: the fourth of the file.
    at = 2 + 60 if what == "entries" else 3 * 32 + 5
    with one_bit_changed(open_site.files / path, at):
        for command in ("audit", "log verify"):
            done = honghui(tmp_path, *command.split(), open_site.log, "--key", open_site.key)
            assert done.returncode == 1, f"{command}: {done.stdout}"
            assert path in done.stderr or str(last * 256) in done.stderr, done.stderr
        copied = honghui(tmp_path, "log", "mirror", open_site.log, "copy", "--key", open_site.key)
        assert copied.returncode == 1
        assert not (tmp_path / "copy" / "checkpoint").exists()
    assert honghui(tmp_path, "audit", open_site.log, "--key", open_site.key).returncode == 0


def test_a_head_of_another_key_proves_nothing(open_site: Open, tmp_path: Path) -> None:
    made = honghui(tmp_path, "log", "key", "localhost/log", "--to", "other.key")
    other = made.stdout.split()[0]
    done = honghui(tmp_path, "audit", open_site.log, "--key", other)
    assert done.returncode == 1 and "PROVEN" not in done.stdout


def test_the_downloaded_verifier_proves_a_record_without_us(
    open_site: Open, tmp_path: Path
) -> None:
    (tmp_path / "verify.py").write_bytes(get(f"{open_site.site}/open/verify.py"))
    key, index = ("--key", open_site.key), str(open_site.size - 1)
    whole = stranger(tmp_path, "verify.py", "log", open_site.log, *key)
    assert whole.returncode == 0 and whole.stdout.startswith("PROVEN"), whole.stderr
    taken = stranger(tmp_path, "verify.py", "prove", open_site.log, index, "--entry", "one", *key)
    assert taken.returncode == 0, taken.stderr
    proof = ("verify.py", "proof", f"{index}.tlog-proof", "one", *key)
    proven = stranger(tmp_path, *proof)
    assert proven.returncode == 0 and f"PROVEN entry {index}" in proven.stdout, proven.stderr
    with one_bit_changed(tmp_path / "one", 20):
        assert stranger(tmp_path, *proof).returncode == 1


@pytest.mark.browser
@pytest.mark.parametrize("saved", [True, False], ids=["saved, offline", "from the site"])
def test_the_downloaded_page_proves_a_record(
    open_site: Open, tmp_path: Path, chromium: Browser, saved: bool
) -> None:
    """Saved and without a network, as it is meant; and where it lies on the site, whose own policy
    would forbid its scripts."""
    index = str(open_site.size - 1)
    given = ("log", "prove", open_site.log, index, "--key", open_site.key)
    assert honghui(tmp_path, *given, "--to", "proof", "--entry", "one").returncode == 0
    address = f"{open_site.site}/open/verify.html"
    if saved:
        (tmp_path / "verify.html").write_bytes(get(address))
        address = (tmp_path / "verify.html").as_uri()
    context = chromium.new_context(offline=saved, locale="zh-CN")
    page = context.new_page()
    wrong = watched(page)
    page.goto(address)
    page.fill("#proof", (tmp_path / "proof").read_text())
    page.fill("#entry", (tmp_path / "one").read_text())
    page.fill("#keys", open_site.key)
    page.click("button[type=submit]")
    page.wait_for_selector(".verdict", timeout=15_000)
    assert f"第 {index} 号记录在账上" in page.inner_text("#verdict")
    context.close()
    assert not wrong


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/open/", "/en/open/", "/open/schemas/"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_on_the_page_stands_in_the_way(
    open_site: Open, chromium: Browser, path: str, scheme: Literal["light", "dark"]
) -> None:
    """With a log behind it, unlike on the site that all tests share."""
    context = chromium.new_context(color_scheme=scheme, locale="zh-CN")
    page = context.new_page()
    wrong = watched(page)
    page.goto(f"{open_site.site}{path}")
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        assert overflow(page) <= 0
        assert barriers(page) == []
    if not path.startswith("/en/"):
        assert english_sentences(page) == []
    context.close()
    assert not wrong


def test_a_mirror_copies_and_is_as_good_as_the_site(open_site: Open, tmp_path: Path) -> None:
    key = ("--key", open_site.key)
    copied = honghui(tmp_path, "log", "mirror", open_site.log, "copy", *key)
    assert copied.returncode == 0 and "PROVEN and copied" in copied.stdout, copied.stderr
    for path in (tmp_path / "copy").rglob("*"):
        if path.is_file():
            name = path.relative_to(tmp_path / "copy")
            assert path.read_bytes() == (open_site.files / name).read_bytes()
    assert honghui(tmp_path, "audit", "copy", *key).returncode == 0


@pytest.mark.parametrize(
    "path",
    [
        "log/../secrets/log_key",
        "log/%2e%2e/secrets/log_key",
        "log/tile/..%2f..%2fsecrets%2flog_key",
        "log//secrets/log_key",
        "log/checkpoint%0a",
        "open/texts/../../secrets/log_key",
        "open/texts/%2e%2e%2f%2e%2e%2fsecrets%2flog_key",
        "open/schemas/..%2f..%2fsecrets",
        "open/verify.pyc",
    ],
)
def test_no_path_on_the_wire_leads_out(open_site: Open, path: str) -> None:
    """urllib sends a path as it is given, dots and all."""
    assert (open_site.files.parent / "secrets/log_key").exists()
    with pytest.raises(urllib.error.HTTPError) as refused:
        get(f"{open_site.site}/{path}")
    assert refused.value.code == 404
    assert b"PRIVATE" not in refused.value.read()


# ── the hostile reader ───────────────────────────────────────────────────────────────────────


def everything_public(it: Open) -> dict[str, bytes]:
    """Every byte under /log/ and /open/, by address."""
    names = [path for path in it.files.rglob("*") if path.is_file()]
    paths = [f"log/{path.relative_to(it.files).as_posix()}" for path in names]
    paths += [f"{prefix}open/{page}" for prefix in ("", "en/") for page in ("", "schemas/")]
    paths += [f"open/{name}" for name in ("log-key.txt", "verify.py", "verify.html")]
    paths += [f"open/schemas/{name}" for name in reference_files() if name.endswith(".json")]
    return {path: get(f"{it.site}/{path}") for path in paths}


def private_values(it: Open) -> set[str]:
    """Names of all who are registered; ids and phones of the cast."""
    with psycopg.connect(it.site.database) as connection:
        rows = connection.execute("SELECT name FROM registry_person WHERE name <> ''").fetchall()
    known = [*cast.MEMBERS, *cast.DUPLICATE]
    values = {name for (name,) in rows} | {one.name for one in known}
    values |= {value for one in known for value in (one.resident_id, one.phone) if value}
    assert len(values) > 3 * len(cast.MEMBERS) - 1
    return values


def spellings(value: str) -> set[bytes]:
    escaped = json.dumps(value)[1:-1]
    return {value.encode(), value.encode("gb18030"), escaped.encode(), value.encode("utf-16-le")}


def test_no_public_byte_names_anybody(open_site: Open) -> None:
    public = everything_public(open_site)
    assert len(public) > 25
    needles = {one for value in private_values(open_site) for one in spellings(value)}
    found = [
        path
        for path, data in public.items()
        for one in needles
        if one in data or b"PRIVATE" in data
    ]
    assert not found, f"a private value is public at {sorted(set(found))}"


def test_what_records_vouch_for_is_no_more_than_givers_show(open_site: Open) -> None:
    """Whatever hash a record holds, what lies under it tells no id, no phone, and no colleague."""
    hashes: set[str] = set()
    for index in range(-(-open_site.size // 256)):
        bundle = bundle_of(open_site.size, index)
        for entry in decode_entries(get(open_site.log + bundle.path), bundle.width):
            hashes |= set(re.findall(r"[0-9a-f]{64}", entry.decode()))
    secret = {value for one in cast.MEMBERS for value in (one.name, one.resident_id, one.phone)}
    for each in hashes:
        try:
            shown = get(f"{open_site.site}/open/texts/{each}").decode()
        except urllib.error.HTTPError as error:
            assert error.code == 404
            continue
        assert not [value for value in secret if value in shown], each
