"""`honghui ledger …`: the books counted again."""

from __future__ import annotations

import sys

import click

from honghui.ledger import recounting


@click.group()
def ledger() -> None:
    """The books: counted again from the movements."""


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
