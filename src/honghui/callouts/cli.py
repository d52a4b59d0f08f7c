"""`honghui call-outs …`: the worker that calls the next one when too few answer."""

from __future__ import annotations

import click

from honghui.kernel.working import told_to_stop


@click.group("call-outs")
def call_outs() -> None:
    """Calls the next way, the next person, the next team, when too few answer."""


@call_outs.command()
def work() -> None:
    """Take the steps of open call-outs as they fall due, until stopped. Any number may run."""
    from honghui.callouts.worker import run

    run(told_to_stop())
