"""`honghui record`: the schemas for others, and whether a record is one. Exit codes of `check`: 0
valid, 1 not, 2 could not read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

import click

from honghui.record.errors import BadRecord
from honghui.record.publishing import write_reference
from honghui.record.rules import RECORD_RULES, Language, Words
from honghui.record.schemas import decode

_VALID = Words("有效：{schema}。", "Valid: {schema}.")

language_option = click.option(
    "--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True,
    help="The language of the answer.",
)  # fmt: skip


@click.group()
def record() -> None:
    """Public records: what they may hold, and whether one does."""


@record.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def schemas(folder: Path) -> None:
    """Writes the JSON Schema of every record and a page of reference into FOLDER."""
    try:
        names = write_reference(folder)
    except OSError as error:
        raise click.FileError(str(folder), hint=error.strerror) from error
    click.echo(f"{len(names)} files in {folder}")


@record.command()
@click.argument("file", type=click.File("rb"))
@language_option
def check(file: BinaryIO, language: Language) -> None:
    """Says whether FILE (or -) is one valid record, and else which rule it breaks.

    A line end after the record is no part of it.
    """
    try:
        data = file.read().removesuffix(b"\n")
    except OSError as error:
        click.echo(f"{file.name}: {error.strerror}", err=True)
        sys.exit(2)
    try:
        found = decode(data)
    except BadRecord as error:
        click.echo(f"{error.rule}: {RECORD_RULES[error.rule].say(language, error.facts)}")
        sys.exit(1)
    click.echo(_VALID.say(language, {"schema": found.__struct_config__.tag}))
