"""`honghui up`: everything an installation needs, in one foreground process, until stopped.

    database → migrations → divisions → world → static files → web, worker, sequencer,
    payments, messages, call-outs; in a sample world also a simulated platform and gateway

The children are started by us and ended by us: first web, worker and sequencer, then the
database if we started it. If one of them dies, the rest is stopped too, because half a system is
worse than none.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import click

from honghui.kernel.errors import CannotRun
from honghui.site.start import data_folder, ready_django

WORLD = "zhejiang_2020"
WEB_THREADS = 8
PORTS_TRIED = 20
START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 15


def say(line: str) -> None:
    click.echo(f"  {line}")


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--data", type=click.Path(path_type=Path), help="Where the data live [./.data].")
@click.option("--empty", is_flag=True, help="No sample world: today's Zhejiang, no people.")
def up(port: int, host: str, data: Path | None, empty: bool) -> None:
    """Serve this installation until stopped with Ctrl-C."""
    if data is not None:
        os.environ["HONGHUI_DATA"] = str(data.resolve())
    refuse_taken_port(host, port)
    with database():
        fill(empty)
        collect_static()
        with processes(host, port) as children:
            wait_for_answer(host, port, children)
            if not empty:
                finish()
            welcome(host, port)
            watch(children)


@contextmanager
def database() -> Iterator[None]:
    """The database for as long as we serve; stopped at the end if it is the embedded one."""
    ours = not os.environ.get("DATABASE_URL")
    say("database …")
    ready_django(say)
    try:
        yield
    finally:
        if ours:
            from django.db import connections

            from honghui.kernel.postgres.server import EmbeddedServer

            connections.close_all()
            EmbeddedServer(data_folder() / "postgres").stop()
            say("database stopped")


def fill(empty: bool) -> None:
    """Migrations, divisions and the world: each a no-op the second time."""
    from django.core.management import call_command

    from honghui.kernel import clock
    from honghui.kernel.actors import system_actor
    from honghui.registry.actions.divisions import found_societies, load_divisions
    from honghui.registry.models import Society
    from honghui.worlds.loader import load_world

    say("migrations …")
    call_command("migrate", verbosity=0, interactive=False)
    if empty:
        if not Society.objects.exists():
            say("divisions and societies …")
            by = system_actor("honghui up")
            load_divisions(by=by)
            found_societies(by=by, on=clock.today())
        return
    load_world(WORLD, say)


def finish() -> None:
    """What the world does once its records stand in the log."""
    from honghui.worlds.loader import finish_world

    if not finish_world(WORLD, say):
        say("the log has not caught up; the world's bulletin is counted at the next start")


def collect_static() -> None:
    from django.conf import settings
    from django.core.management import call_command

    if newest_source() > newest(Path(settings.STATIC_ROOT)):
        say("static files …")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        os.utime(Path(settings.STATIC_ROOT) / "staticfiles.json")


def newest(folder: Path) -> float:
    manifest = folder / "staticfiles.json"
    return manifest.stat().st_mtime if manifest.exists() else 0.0


def newest_source() -> float:
    package = Path(__file__).resolve().parent.parent
    files = (file for folder in package.glob("*/static") for file in folder.rglob("*"))
    return max((file.stat().st_mtime for file in files), default=0.0)


@contextmanager
def processes(host: str, port: int) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    say("web, worker, sequencer, payments, messages and call-outs …")
    commands = {
        "web": [
            *(sys.executable, "-m", "granian", "--interface", "wsgi"),
            *("--host", host, "--port", str(port), "--workers", "1"),
            *("--blocking-threads", str(WEB_THREADS), "--log-level", "error"),
            *("--no-ws", "--backpressure", "256"),
            "honghui.site.wsgi:application",
        ],
        "worker": [sys.executable, "-m", "honghui.cli", "manage", "procrastinate", "worker"],
        "sequencer": [sys.executable, "-m", "honghui.cli", "sequencer", "run"],
        "payments": [sys.executable, "-m", "honghui.cli", "payments", "work"],
        "call-outs": [sys.executable, "-m", "honghui.cli", "call-outs", "work"],
        "messages": [sys.executable, "-m", "honghui.cli", "messages", "work"],
        **simulated_platform(host, port),
        **simulated_gateway(host, port),
    }
    children = {
        name: subprocess.Popen(command, start_new_session=True)
        for name, command in commands.items()
    }
    try:
        yield children
    finally:
        stop(children)


def simulated_platform(host: str, port: int) -> dict[str, list[str]]:
    """Where a sample world is loaded and no real platform is set: one that moves no money, on the
    next free port. Payments are of the world's time."""
    from django.conf import settings

    from honghui.kernel.models import World
    from honghui.payments.wechat.credentials import make_simulated

    os.environ.setdefault("HONGHUI_ADDRESS", f"http://{name_of(host)}:{port}")
    world = World.objects.first()
    if world is None or os.environ.get("HONGHUI_WECHAT_API"):
        return {}
    make_simulated(Path(settings.WECHAT_KEYS))
    there = next_free_port(host, port + 1)
    os.environ["HONGHUI_WECHAT_API"] = f"http://{name_of(host)}:{there}"
    command = [sys.executable, "-m", "honghui.cli", "payments", "simulator", "--host", host]
    command += ["--port", str(there), "--address", os.environ["HONGHUI_WECHAT_API"]]
    if world.pinned_at:
        command += ["--at", world.pinned_at.isoformat()]
    return {"simulator": command}


def simulated_gateway(host: str, port: int) -> dict[str, list[str]]:
    """Where a sample world is loaded and no real gateway is set: one that sends nothing and shows
    what arrived on each phone."""
    from honghui.kernel.models import World

    world = World.objects.first()
    if world is None or os.environ.get("HONGHUI_SMS_API"):
        return {}
    platform = urlsplit(os.environ.get("HONGHUI_WECHAT_API", "")).port
    there = next_free_port(host, max(port, platform or 0) + 1)
    address = f"http://{name_of(host)}:{there}"
    os.environ |= {
        "HONGHUI_SMS_API": address, "HONGHUI_VOICE_API": address,
        "HONGHUI_SMS_KEY": "simulated", "HONGHUI_SMS_SECRET": secrets.token_hex(16),
        "HONGHUI_SMS_CALLBACK_SECRET": secrets.token_hex(16),
        "HONGHUI_VOICE_NUMBER": "057100000000", "HONGHUI_VOICE_TEMPLATES": "*=ours",
    }  # fmt: skip
    command = [sys.executable, "-m", "honghui.cli", "messages", "simulate", "--host", host]
    command += ["--port", str(there), "--keep", str(data_folder() / "simulated-gateway.json")]
    if world.pinned_at:
        command += ["--at", world.pinned_at.isoformat()]
    return {"gateway": command}


def next_free_port(host: str, first: int) -> int:
    for port in range(first, first + PORTS_TRIED):
        with suppress(CannotRun):
            refuse_taken_port(host, port)
            return port
    raise CannotRun(
        "up.port_taken",
        f"The {PORTS_TRIED} ports after this one are all taken.",
        "Choose another with --port N; the simulated payment platform takes the next free one.",
    )


def stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    for name, child in children.items():
        try:
            child.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            say(f"{name} did not stop in {STOP_SECONDS_MAX} s, ended by force")
            child.kill()
            child.wait()
    say("web, worker, sequencer, payments, messages and call-outs stopped")


def wait_for_answer(host: str, port: int, children: dict[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        refuse_dead(children)
        try:
            with urllib.request.urlopen(f"http://{host}:{port}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise CannotRun(
        "up.no_answer",
        f"The web process does not answer on {host}:{port}.",
        "Look at the lines above; HONGHUI_LOG_LEVEL=INFO shows more.",
    )


def watch(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Sleeps until Ctrl-C or SIGTERM, or until a child has died."""
    asked = []
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda number, frame: asked.append(number))
    while not asked:
        refuse_dead(children)
        time.sleep(0.5)
    click.echo("")


def refuse_dead(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise CannotRun(
                "up.child_died",
                f"The {name} process ended by itself with code {child.returncode}.",
                "Its last lines stand above. Start again; what was saved is saved.",
            )


def refuse_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotRun(
                "up.port_taken",
                f"Port {port} on {host} is taken: {error.strerror}.",
                "Stop what listens there, or choose another with --port N.",
            ) from error


def name_of(host: str) -> str:
    """What to type into a browser for it. We listen on numbers; passkeys are bound to names, and
    browsers give them to localhost and never to 127.0.0.1."""
    from django.conf import settings

    is_here = host in {"127.0.0.1", "0.0.0.0"} and "localhost" in settings.ALLOWED_HOSTS
    return "localhost" if is_here else host


def welcome(host: str, port: int) -> None:
    """The address, the sample sign-ins, how to stop."""
    from honghui.kernel.models import World
    from honghui.worlds import SAMPLE_PASSWORD, cast

    address = f"http://{name_of(host)}:{port}/"
    click.echo(f"\n  红会 Honghui   {address}   English: {address}en/   desk: {address}desk/")
    if os.environ.get("HONGHUI_SMS_KEY") == "simulated":
        click.echo(f"  模拟手机 phones   {os.environ['HONGHUI_SMS_API']}/")
    if World.objects.exists():
        click.echo(f"\n  Sample sign-ins, all with the password {SAMPLE_PASSWORD}")
        for member in cast.MEMBERS:
            if member.username:
                click.echo(f"    {member.username:<14} {member.post}")
    click.echo("\n  Stop with Ctrl-C.\n", nl=True)
    sys.stdout.flush()
