"""The commands of `honghui divisions`. The parent command has set Django up."""

from __future__ import annotations

import click


@click.group()
def divisions() -> None:
    """The administrative divisions of Zhejiang and their history."""


@divisions.command()
def load() -> None:
    """Bring the stored divisions to what our data say. May be repeated."""
    from honghui.kernel.actors import system_actor
    from honghui.registry.actions.divisions import load_divisions
    from honghui.registry.models import Division

    load_divisions(by=system_actor("honghui divisions load"))
    click.echo(f"{Division.objects.count()} rows of divisions are stored.")


@divisions.command()
def check() -> None:
    """Read the files, count them on every date, and compare with what is stored."""
    from honghui.registry.divisions import read_table
    from honghui.registry.models.divisions import Level
    from honghui.registry.queries.divisions import counties_on

    table = read_table()
    click.echo(f"{len(table.rows)} rows, {len(table.edges)} changes of land: as expected.")
    differing = 0
    for day in table.change_dates:
        known = {row.code for row in table.on(day, Level.COUNTY)}
        stored = {row.code for row in counties_on(day)}
        click.echo(f"{day}: {len(known)} counties known, {len(stored)} stored")
        differing += known != stored
    if differing:
        click.echo("Load them: honghui divisions load", err=True)
        raise SystemExit(1)
