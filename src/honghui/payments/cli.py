"""`honghui payments …`: the worker that takes in what platforms told, and a simulated platform."""

from __future__ import annotations

import signal
import threading

import click


def told_to_stop() -> threading.Event:
    """Set by Ctrl-C and SIGTERM."""
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda _number, _frame: stop.set())
    return stop


@click.group()
def payments() -> None:
    """Takes in what payment platforms tell; simulates one."""


@payments.command()
def work() -> None:
    """Empty the inbox and send refunds, until stopped. Any number may run at once."""
    from honghui.payments.worker import run

    run(told_to_stop())


@payments.command()
def backlog() -> None:
    """Say how many notifications wait. Exit code 1 when the oldest has waited a minute."""
    from honghui.payments.queries import waiting_since
    from honghui.payments.worker import backlog as count

    seconds = waiting_since()
    click.echo(f"{count():,} notifications wait, the oldest for {seconds:.1f} s")
    raise SystemExit(seconds >= 60)
