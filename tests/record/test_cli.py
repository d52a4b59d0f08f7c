"""`honghui record`, as it is typed."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner, Result

from honghui.record.cli import record
from honghui.record.examples import EXAMPLES
from honghui.record.rules import RECORD_RULES, Language
from honghui.record.schemas import encode

UNIT = encode(EXAMPLES["unit/1"])


def run(*arguments: str, given: bytes = b"") -> Result:
    return CliRunner().invoke(record, list(arguments), input=given)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_valid_record_is_said_to_be_one(name: str) -> None:
    done = run("check", "-", "--language", "en", given=encode(EXAMPLES[name]))
    assert (done.exit_code, done.output) == (0, f"Valid: {name.split()[0]}.\n")


def test_a_file_is_read_and_a_line_end_after_the_record_is_no_part_of_it(tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    for end, code in ((b"", 0), (b"\n", 0), (b"\n\n", 1), (b" ", 1), (b"\r\n", 1)):
        file.write_bytes(UNIT + end)
        assert run("check", str(file)).exit_code == code, end


def test_chinese_is_what_is_spoken_unless_asked() -> None:
    assert run("check", "-", given=UNIT).output == "有效：unit/1。\n"


@pytest.mark.parametrize(
    ("data", "rule", "facts"),
    [
        (
            UNIT.replace(b'"code":"box-24",', b""),
            "record.missing-field",
            {"where": "unit/1", "field": "code"},
        ),
        (
            UNIT.replace(b'"per_base":24', b'"per_base":24.5'),
            "record.float",
            {"where": "per_base"},
        ),
        (
            UNIT.replace(b"unit/1", b"\\u001b[2J"),
            "record.unknown-schema",
            {"schema": "\ufffd[2J"},
        ),
    ],
)
def test_what_is_wrong_is_said_by_its_rule_and_in_words(
    data: bytes, rule: str, facts: dict[str, object]
) -> None:
    for language in get_args(Language):
        done = run("check", "-", "--language", language, given=data)
        assert done.exit_code == 1
        assert done.output == f"{rule}: {RECORD_RULES[rule].say(language, facts)}\n"


def test_what_cannot_be_read_ends_with_2(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        done = run("check", str(path))
        assert done.exit_code == 2 and str(path) in done.output


def test_the_reference_is_written_into_a_folder(tmp_path: Path) -> None:
    done = run("schemas", str(tmp_path / "new"))
    assert done.exit_code == 0
    assert done.output == f"21 files in {tmp_path / 'new'}\n"
    assert (tmp_path / "new" / "entry-1.json").is_file()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("schemas", str(tmp_path / "file" / "below"))
    assert done.exit_code != 0 and str(tmp_path / "file") in done.output
