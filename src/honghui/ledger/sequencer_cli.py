"""`honghui sequencer …`: the process that gives positions and writes the public log."""

from __future__ import annotations

import signal
import sys
import threading

import click

from honghui.tlog.errors import TlogError


@click.group()
def sequencer() -> None:
    """Gives positions to what arrived, and writes the public log."""


@sequencer.command()
def run() -> None:
    """Work until stopped. `honghui up` starts it; there is never more than one."""
    from honghui.ledger.sequencer import run as run_sequencer

    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda _number, _frame: stop.set())
    try:
        run_sequencer(stop)
    except TlogError as error:
        click.echo(error.verdict, err=True)
        sys.exit(error.exit_code)


@sequencer.command()
def health() -> None:
    """Say how far the log is behind the books. Exit code 1 when something keeps it back."""
    from honghui.ledger.sequencer import health as read_health

    now = read_health()
    click.echo(f"published     {now.published:,} of {now.size:,} records")
    click.echo(f"waiting       {now.waiting:,}, the oldest for {now.oldest_seconds:.1f} s")
    click.echo(f"state         {now.failure or 'works'}")
    sys.exit(0 if now.is_well else 1)
