from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from honghui.cli import commands
from tools.small_society import FOLDER, KEY, records, write

README = (FOLDER / "README.md").read_text("utf-8")


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.name != "README.md"
    }


def test_the_folder_is_what_the_tool_writes(tmp_path: Path) -> None:
    write(tmp_path / "again")
    assert files(tmp_path / "again") == files(FOLDER)


def test_it_is_proven_as_the_readme_says() -> None:
    command = ["audit", str(FOLDER / "log"), "--key", KEY.public.vkey, "--language", "en"]
    result = CliRunner().invoke(commands, command)
    assert result.exit_code == 0, result.output
    assert f"{len(list(records()))} records" in result.output


def test_the_figures_of_the_readme_are_those_of_the_pools() -> None:
    result = CliRunner().invoke(commands, ["replay-model", str(FOLDER / "records.jsonl")])
    for line in result.output.splitlines():
        taken_in, booked, left = (int(one) for one in line[:-1].split("]")[0].split(", ")[-3:])
        for figure in (taken_in, booked, left):
            if figure >= 1000:
                assert f"{figure:,}" in README, figure
