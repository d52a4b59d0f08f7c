"""The log asks its witnesses, and /open/ names those who signed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from honghui.journal import log_head, log_place
from honghui.tlog.errors import Malformed, WillNotSign
from honghui.tlog.keys import new_witness_keys
from honghui.tlog.witness import create_witness, open_witness
from tests.tlog.witnessing import served


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_FOLDER = tmp_path
    settings.LOG_LOCATION = str(tmp_path / "log")
    settings.LOG_HEADS = str(tmp_path / "log-heads")
    log_head._kept.clear()
    return tmp_path


def publish(first: int) -> None:
    with log_place.writer() as writer:
        writer.append([b"entry %d" % first], at=first)
        writer.publish()


def test_a_witness_signs_and_is_named(db: None, place: Path, settings: Any, client: Client) -> None:
    publish(0)
    signers = new_witness_keys("w.example")
    create_witness(place / "seen", signers)
    ours = log_place.public_keys()
    with served(open_witness(place / "seen", signers, {ours[0].name: ours[:1]})) as witness:
        settings.LOG_WITNESSES = [f"{witness.location} {signers[0].public.vkey}"]
        settings.LOG_WITNESS_QUORUM = 1
        publish(1)
    head = log_head.published_head()
    assert head is not None and head.size == 2 and head.witnesses == ("w.example",)
    assert "w.example<" in client.get("/en/open/").content.decode()


def test_a_witness_that_is_away_holds_up_nothing_unless_it_must_sign(settings: Any) -> None:
    publish(0)
    vkey = new_witness_keys("away.example")[0].public.vkey
    settings.LOG_WITNESSES = [f"http://127.0.0.1:9 {vkey}"]
    publish(1)
    head = log_head.published_head()
    assert head is not None and head.size == 2 and head.witnesses == ()
    settings.LOG_WITNESS_QUORUM = 1
    with pytest.raises(WillNotSign):
        publish(2)
    head = log_head.published_head()
    assert head is not None and head.size == 2


def test_a_setting_that_names_no_key_is_refused(settings: Any) -> None:
    settings.LOG_WITNESSES = ["https://w.example"]
    with pytest.raises(Malformed):
        publish(0)
