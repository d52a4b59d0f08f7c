"""`honghui messages …`: the worker that sends and takes in, and a simulated gateway."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

import click

from honghui.kernel import clock
from honghui.kernel.working import told_to_stop
from honghui.messaging.simulator.misbehaving import WRONGS, Misbehaviour


@click.group()
def messages() -> None:
    """Sends messages and takes in answers; simulates a gateway."""


@messages.command()
def work() -> None:
    """Hand messages over and take answers in, until stopped. Any number may run at once."""
    from honghui.messaging.worker import run

    run(told_to_stop())


@messages.command()
def backlog() -> None:
    """Say how many messages wait. Exit code 1 when the oldest has waited a minute."""
    from honghui.messaging.queries.work import waiting_count, waiting_seconds

    seconds = waiting_seconds()
    click.echo(f"{waiting_count():,} messages wait, the oldest for {seconds:.1f} s")
    raise SystemExit(seconds >= 60)


@messages.command()
@click.option("--port", default=8002, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--at", "moment", default="", help="The time that it says [now].")
@click.option("--scale", default=1.0, show_default=True, help="Shortens every wait: 0.01.")
@click.option("--keep", default="", help="A file in which it keeps its templates.")
@click.option("--misbehave", multiple=True, type=click.Choice(WRONGS))
@click.option("--share", default=0.0, show_default=True, help="Of requests that go wrong: 0.05.")
@click.option("--seed", default=370, show_default=True, help="Which of them.")
def simulate(
    port: int, host: str, moment: str, scale: float, keep: str, misbehave: tuple[str, ...],
    share: float, seed: int,
) -> None:  # fmt: skip
    """A gateway that sends nothing, with phones to look at, until stopped."""
    from django.conf import settings

    from honghui.messaging.simulator.server import Simulator

    fixed = datetime.fromisoformat(moment) if moment else None
    server = Simulator(
        (host, port),
        to=settings.ADDRESS,
        keys={settings.SMS_KEY: settings.SMS_SECRET},
        callback_secret=settings.SMS_CALLBACK_SECRET,
        signs=frozenset(sign for _code, sign in settings.SMS_SIGNS),
        now=lambda: (fixed or clock.machine_now()).astimezone(clock.CHINA),
        scale=scale,
        wrongs=Misbehaviour(frozenset(misbehave), share=share, seed=seed),
    )
    if keep:
        server.gateway.keep_in(Path(keep))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    told_to_stop().wait()
    server.shutdown()
    server.server_close()
