"""`honghui alerts …`: warnings from files."""

from __future__ import annotations

from pathlib import Path

import click

from honghui.kernel.actors import system_actor


@click.group()
def alerts() -> None:
    """Takes in warnings (CAP 1.2)."""


@alerts.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--society", default="330000", show_default=True, help="Whose desk takes it in.")
def read(file: Path, society: str) -> None:
    """Take in the warning in FILE. The same one twice is one."""
    from honghui.registry.access import society as society_of
    from honghui.rescue.actions.alerts import read_alert
    from honghui.rescue.alerting.reading import BYTES_MAX
    from honghui.rescue.queries.alerts import standing

    with file.open("rb") as opened:
        data = opened.read(BYTES_MAX + 1)
    by = system_actor("honghui alerts read")
    alert = read_alert(by=by, society=society_of(society), xml=data)
    one = standing([alert])[0]
    click.echo(f"{alert.sender} {alert.identifier}")
    click.echo(f"{alert.message_type}, {alert.status}, {one.kind}: {alert.headline or alert.event}")
