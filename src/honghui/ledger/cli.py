"""`honghui ledger …`: the books counted again, and written down for other programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import click

from honghui.ledger import recounting
from honghui.tlog.verification import Progress

_Path = click.Path(path_type=Path)


@click.group()
def ledger() -> None:
    """The books: counted again from the movements, and exported."""


@ledger.command()
def recount() -> None:
    """Rebuild every total from the movements and compare. Exit code 1 when anything differs."""
    differs = 0
    for what, found in recounting.recount():
        click.echo(f"{what:<30} {'differs' if found else 'the same'}")
        for one in found:
            click.echo(f"    {one.where}: stored {one.stored}, counted {one.counted}")
        differs += len(found)
    sys.exit(1 if differs else 0)


@ledger.command()
@click.option("--beancount", type=_Path, help="Writes FILE: Beancount text.", metavar="FILE")
@click.option(
    "--tables", type=_Path, help="Fills DIR: CSV, Parquet, a data package.", metavar="DIR"
)
def export(beancount: Path | None, tables: Path | None) -> None:
    """Write the books down for other programs: what is public of them, as of one moment."""
    from honghui.ledger.exporting.beancount import write_beancount
    from honghui.ledger.exporting.tables import write_tables

    if beancount is None and tables is None:
        raise click.UsageError("Say what to write: --beancount FILE, --tables DIR, or both.")
    if beancount is not None:
        with _counting("entries") as progress:
            count = write_beancount(beancount, progress)
        click.echo(f"{beancount}: {count:,} entries")
    if tables is not None:
        with _counting("rows") as progress:
            write_tables(tables, progress)
        click.echo(tables)


@contextmanager
def _counting(what: str) -> Iterator[Progress]:
    """A count where a person looks on, now and then."""
    shown = 0.0

    def show(done: int) -> None:
        nonlocal shown
        if sys.stderr.isatty() and monotonic() - shown > 0.2:
            shown = monotonic()
            click.echo(f"\r{done:,} {what}", nl=False, err=True)

    yield show
    if shown:
        click.echo(err=True)
