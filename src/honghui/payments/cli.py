"""`honghui payments …`: the worker that takes in what platforms told, and a simulated platform."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

import click

from honghui.kernel import clock
from honghui.kernel.working import told_to_stop
from honghui.payments.simulator.posting import WRONGS


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


@payments.command()
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--address", default="", help="Where a browser finds its cashier [http://HOST:PORT].")
@click.option("--at", "moment", default="", help="The time that payments are said to have [now].")
@click.option("--scale", default=1.0, show_default=True, help="Shortens every wait: 0.01.")
@click.option("--misbehave", multiple=True, type=click.Choice(WRONGS))
def simulator(
    port: int, host: str, address: str, moment: str, scale: float, misbehave: tuple[str, ...]
) -> None:
    """A payment platform that moves no money, until stopped."""
    from django.conf import settings

    from honghui.payments.simulator.server import Simulator
    from honghui.payments.wechat.credentials import make_simulated

    fixed = datetime.fromisoformat(moment) if moment else None
    keys = Path(settings.WECHAT_KEYS)
    make_simulated(keys)
    server = Simulator(
        (host, port),
        keys=keys,
        merchant_id=settings.WECHAT_MERCHANT,
        address=address,
        now=lambda: (fixed or clock.machine_now()).astimezone(clock.CHINA),
        scale=scale,
        wrongs=frozenset(misbehave),
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    told_to_stop().wait()
    server.shutdown()
    server.server_close()
