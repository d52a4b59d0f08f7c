from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from honghui.audit import auditing
from honghui.cli import commands
from tests.audit.logs import VKEY, served, write_log
from tests.audit.societies import random_society
from tests.audit.wrongs import Wrongs, one_fen_above_the_cap


def run(*arguments: object) -> Result:
    return CliRunner().invoke(commands, [str(one) for one in arguments])


def audit(location: object, *more: object) -> Result:
    return run("audit", location, "--key", VKEY, *more)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return write_log(tmp_path, random_society(7, 150).entries)


def test_a_log_in_order_is_proven_in_both_languages(log: Path) -> None:
    chinese, english = audit(log), audit(log, "--language", "en")
    assert (chinese.exit_code, english.exit_code) == (0, 0), chinese.output
    assert chinese.output.startswith("已证实  日志 audit.example.org/log")
    assert english.output.startswith("PROVEN  The log audit.example.org/log")
    assert "receipts = uses + held" in english.output
    assert "手续费" not in english.output
    assert "differences in stocktaking" in english.output
    assert "盘点差异" in chinese.output


def test_a_wrong_is_named_with_its_record_and_exit_code_1(tmp_path: Path) -> None:
    society = Wrongs(random.Random(1))
    one_fen_above_the_cap(society)
    log = write_log(tmp_path, society.entries)
    result = audit(log)
    assert result.exit_code == 1
    index = len(society.records) - 1
    assert f"第 {index} 号记录 [purpose.clause]" in result.output
    assert "管理费、手续费合计不超过所收款项的10%" in result.output
    english = audit(log, "--language", "en")
    assert "At most 10% of the money received" in english.output


def test_a_report_for_a_program(log: Path, tmp_path: Path) -> None:
    report = json.loads(audit(log, "--json").output)
    assert report["proven"] is True
    assert report["findings"] == []
    assert report["log"]["size"] == report["records"] == sum(report["kinds"].values())
    society = Wrongs(random.Random(1))
    one_fen_above_the_cap(society)
    wrong = json.loads(audit(write_log(tmp_path / "wrong", society.entries), "--json").output)
    assert wrong["proven"] is False
    assert wrong["findings"][0]["rule"] == "purpose.clause"
    assert wrong["findings"][0]["record"] == len(society.records) - 1


def test_what_cannot_be_checked_is_exit_code_2(tmp_path: Path) -> None:
    assert audit(tmp_path / "nowhere").exit_code == 2
    (tmp_path / "empty").mkdir()
    result = CliRunner().invoke(
        commands, ["audit", str(tmp_path / "empty"), "--key", VKEY, "--json"]
    )
    assert result.exit_code == 2
    assert json.loads(result.stdout)["proven"] is None


def test_two_processes_say_what_one_says(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = audit(log, "--json", "--processes", 1)
    monkeypatch.setattr(auditing, "ALONE_BELOW", 0)
    assert audit(log, "--json", "--processes", 2).output == alone.output


def test_from_far_away_and_from_a_copy_that_grows(tmp_path: Path) -> None:
    society = random_society(7, 60)
    log = write_log(tmp_path, society.entries)
    copy = tmp_path / "copy"
    with served(log) as address:
        first = audit(address, "--json")
        assert json.loads(first.output)["proven"] is True
        assert audit(address, "--copy", copy, "--json").output == first.output
        before = len(society.entries)
        for _ in range(9):
            society.gift()
        write_log(tmp_path, society.entries[before:])
        again = audit(address, "--copy", copy, "--json")
    report = json.loads(again.output)
    assert report["proven"] is True
    assert report["records"] == len(society.entries) == before + 9
    assert audit(copy, "--json").output == again.output


def test_replay_model_prints_every_pool(tmp_path: Path) -> None:
    society = random_society(3, 80)
    file = tmp_path / "records.jsonl"
    file.write_bytes(b"".join(entry + b"\n" for entry in society.entries))
    result = run("replay-model", file)
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.output.splitlines()]
    assert sorted((taken_in, booked) for _pool, taken_in, booked, _free in lines) == sorted(
        society.units.state().values()
    )
    file.write_bytes(society.entries[0] + b"\n{}\n")
    assert run("replay-model", file).exit_code == 1
