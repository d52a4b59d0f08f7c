"""`honghui audit` and `honghui replay-model`. Exit codes: 0 proven, 1 not, 2 could not check."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import click

from honghui.audit.auditing import audit_log, audit_records
from honghui.audit.report import pools_as_json
from honghui.audit.report_words import in_words
from honghui.record.cli import language_option
from honghui.record.rules import Language
from honghui.tlog.cli import key_option, progress_bar, state_option
from honghui.tlog.errors import TlogError
from honghui.tlog.signatures import Key
from honghui.tlog.storage import source_at
from honghui.tlog.verification import Progress

_READINGS = ("1/2 Reading  ", "2/2 Replaying")


@click.command()
@click.argument("location")
@key_option
@state_option
@click.option(
    "--copy", type=click.Path(path_type=Path),
    help="Keeps a copy of the log in this folder; the next audit fetches only what is new.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The report for a program.")
@language_option
@click.option("--processes", type=click.IntRange(min=1), help="Default: one a core.")
def audit(
    location: str,
    keys: tuple[Key, ...],
    state: Path | None,
    copy: Path | None,
    as_json: bool,
    language: Language,
    processes: int | None,
) -> None:
    """Proves a society's books from its public log at LOCATION, a folder or an address."""
    bar = partial(_bar, iter(_READINGS))
    try:
        report = audit_log(
            source_at(location), keys, state=state, copy=copy, bar=bar, processes=processes
        )
    except TlogError as error:
        if as_json:
            click.echo(json.dumps(_failed(error), ensure_ascii=False, indent=2))
        click.echo(error.verdict, err=True)
        sys.exit(error.exit_code)
    click.echo(report.as_json() if as_json else in_words(report, language))
    sys.exit(0 if report.proven else 1)


def _failed(error: TlogError) -> dict[str, object]:
    """`proven` is false where the log is not what was signed, null where nobody could look."""
    return {
        "proven": False if error.exit_code == 1 else None,
        "error": error.sentence,
        "where": error.where,
        "hint": error.hint,
    }


@click.command("replay-model")
@click.argument("file", type=click.File("rb"))
@language_option
def replay_model(file: Iterator[bytes], language: Language) -> None:
    """Replays the records of FILE, one a line (or -), and prints every pool.

    A line a pool, as JSON: key, taken in, booked, left. For whoever wants to hold another ledger to
    the same model.
    """
    report = audit_records([line.rstrip(b"\n") for line in file])
    if not report.proven:
        click.echo(in_words(report, language), err=True)
        sys.exit(1)
    click.echo(pools_as_json(report.pools))


def _bar(labels: Iterator[str], size: int) -> AbstractContextManager[Progress]:
    """One a reading; before them, a log far away is copied, and its size is not known yet."""
    return progress_bar(size, label=next(labels)) if size else progress_bar(None)
