"""What /open/ tells and hands out: the key, side files until they are withdrawn, the verifiers."""

from __future__ import annotations

import hashlib
import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from honghui.disclosure.open_page import SCHEMA_WORDS, schema_rows
from honghui.journal import log_head, log_place
from honghui.record.commitments import commit
from honghui.site.log_cli import log as log_command
from honghui.tlog.signatures import parse_vkey
from tests.environment import HOME

ONE = commit("爱心人士")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_FOLDER = tmp_path
    settings.LOG_LOCATION = str(tmp_path / "log")
    settings.LOG_HEADS = str(tmp_path / "log-heads")
    settings.SIDE_FILES = str(tmp_path / "side-files")
    log_head._kept.clear()
    return tmp_path


def begin(count: int) -> None:
    with log_place.writer() as writer:
        writer.append([b"entry %d" % index for index in range(count)], at=0)
        writer.publish()


def test_the_key_is_the_one_that_signs(client: Client) -> None:
    begin(3)
    lines = client.get("/open/log-key.txt").content.decode().split()
    assert [parse_vkey(line) for line in lines] == log_place.public_keys()
    assert "PRIVATE" not in "".join(lines)


def test_a_side_file_is_shown_until_it_is_withdrawn(client: Client) -> None:
    log_place.side_files().write(ONE.hash, ONE.opening)
    shown = client.get(f"/open/texts/{ONE.hash}")
    assert shown.content == ONE.opening
    assert shown.headers["Content-Type"] == "application/json"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Cache-Control"] == "no-store"
    log_place.side_files().withdraw(ONE.hash)
    gone = client.get(f"/open/texts/{ONE.hash}")
    assert gone.status_code == 404
    assert "撤回" in gone.content.decode() and "withdrawn" in gone.content.decode()


def test_withdrawn_and_never_there_are_told_alike(client: Client) -> None:
    """Else anybody could find out who has objected."""
    log_place.side_files().write(ONE.hash, ONE.opening)
    log_place.side_files().withdraw(ONE.hash)
    gone, never = (client.get(f"/open/texts/{each}") for each in (ONE.hash, "0" * 64))
    assert gone.content == never.content
    assert gone.headers == never.headers


@pytest.mark.parametrize("name", ["", "..", ".new", "x", "0" * 63, "F" * 64, "%2e%2e%2flog"])
def test_no_name_leads_out_of_the_folder_of_texts(client: Client, place: Path, name: str) -> None:
    (place / "side-files" / ".new").mkdir(parents=True)
    assert client.get(f"/open/texts/{name}").status_code == 404


def test_a_text_that_somebody_changed_is_not_shown(client: Client, place: Path) -> None:
    log_place.side_files().write(ONE.hash, ONE.opening)
    (place / "side-files" / ONE.hash).write_bytes(commit("别人").opening)
    assert client.get(f"/open/texts/{ONE.hash}").status_code == 404


@pytest.mark.parametrize(("name", "command"), [("verify.py", "verifier"), ("verify.html", "page")])
def test_the_verifiers_are_those_of_the_command_and_have_the_hash_shown(
    db: None, client: Client, tmp_path: Path, name: str, command: str
) -> None:
    written = tmp_path / name
    assert CliRunner().invoke(log_command, [command, str(written)]).exit_code == 0
    answer = client.get(f"/open/{name}")
    assert answer.content == written.read_bytes()
    digest = hashlib.sha256(answer.content).hexdigest()
    for prefix in ("", "/en"):
        assert digest in client.get(f"{prefix}/open/").content.decode()


def test_the_offline_page_has_its_own_policy_alone(client: Client) -> None:
    answer = client.get("/open/verify.html")
    assert "Content-Security-Policy" not in answer.headers
    assert "default-src 'none'" in answer.content.decode()
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_schemas_are_those_of_the_docs(db: None, client: Client) -> None:
    listed = client.get("/en/open/schemas/").content.decode()
    docs = sorted((HOME / "docs/records").glob("*.json"))
    assert docs
    for path in docs:
        answer = client.get(f"/open/schemas/{path.name}")
        assert answer.content == path.read_bytes()
        assert json.loads(answer.content)["$schema"]
        assert f"/open/schemas/{path.name}" in listed
    assert client.get("/open/schemas/README.md").status_code == 404
    assert client.get("/open/schemas/..%2fREADME.md").status_code == 404


def test_every_kind_of_record_has_its_words_and_no_other() -> None:
    kinds = {row.file.rpartition("-")[0] for row in schema_rows()}
    assert kinds == set(SCHEMA_WORDS)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_tells_size_root_key_and_a_command_to_copy(
    db: None, client: Client, prefix: str
) -> None:
    begin(1234)
    head, key = log_head.published_head(), log_place.public_keys()[0]
    assert head is not None
    text = unescape(client.get(f"{prefix}/open/", HTTP_HOST="localhost").content.decode())
    assert "1,234" in text and head.root in text and head.root_hex in text
    command = f"honghui audit http://localhost/log/ --key '{key.vkey}'"
    assert command in re.sub(r"<[^>]+>", "", text)
    shown = hashlib.sha256(key.vkey.encode()).hexdigest()
    assert shown in re.sub(r"\s", "", text)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_command_of_two_lines_is_two_lines(db: None, client: Client, prefix: str) -> None:
    begin(3)
    text = re.sub(r"<[^>]+>", "", unescape(client.get(f"{prefix}/open/").content.decode()))
    key = log_place.public_keys()[0].vkey
    assert f"--entry 2.json --key '{key}'\npython3 verify.py proof 2.tlog-proof" in text
    assert f"--to witness.key\necho '{key}' > logs.txt\nhonghui" in text


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_before_there_is_a_log_the_page_says_so(db: None, client: Client, prefix: str) -> None:
    text = client.get(f"{prefix}/open/").content.decode()
    assert ("日志还没有开始" if not prefix else "The log has not begun") in text
    assert "--key" not in text


def test_a_head_that_our_key_has_not_signed_is_not_told(
    db: None, client: Client, place: Path
) -> None:
    begin(3)
    checkpoint = place / "log/checkpoint"
    checkpoint.write_bytes(checkpoint.read_bytes().replace(b"\n3\n", b"\n4\n"))
    answer = client.get("/en/open/")
    assert answer.status_code == 200 and "cannot be read" in answer.content.decode()


def test_every_public_page_ends_with_the_checkpoint_and_asks_nothing_for_it(
    db: None, client: Client, django_assert_num_queries: Any, place: Path
) -> None:
    begin(7)
    head = log_head.published_head()
    assert head is not None
    text = client.get("/societies/").content.decode()
    assert head.root in text and "第 7 号检查点".replace(" ", "") in text.replace(" ", "")
    with django_assert_num_queries(0):
        assert log_head.head_at_hand() == head


def test_a_page_does_not_wait_for_a_log_that_is_away(
    db: None, client: Client, settings: Any
) -> None:
    begin(7)
    settings.LOG_LOCATION = "s3://away-from-here"
    assert log_head.head_at_hand() is None
    assert client.get("/societies/").status_code == 200
