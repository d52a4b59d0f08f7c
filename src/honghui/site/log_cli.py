"""`honghui log …`: the log's own commands, and one that brings the books up to it.

Only `catch-up` needs Django and a database; nothing of either is imported before it runs.
"""

from __future__ import annotations

import click

from honghui.tlog.cli import log, progress_bar

__all__ = ["log"]


@log.command("catch-up")
def catch_up() -> None:
    """After a restore and `recover`: replays into the books what the log knows and they do not."""
    from honghui.site.start import ready_django

    ready_django()
    from honghui.ledger.recovering import recover

    with progress_bar(None, label="Replaying") as progress:
        found = recover(progress)
    click.echo(f"replayed      {found.replayed:,} records, from {found.restored_to:,} on")
    click.echo(f"lost          {len(found.lost):,} entries, but for their public records")
    for one in found.lost:
        click.echo(f"              {one}")
