"""The commands of `honghui db`."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec

import click

from honghui.kernel.errors import CannotRun
from honghui.kernel.postgres.backups import backup as write_backup
from honghui.kernel.postgres.backups import choose_tools, connection_arguments, server_major
from honghui.kernel.postgres.backups import restore as read_backup
from honghui.kernel.postgres.server import EmbeddedServer
from honghui.tlog.heads import Heads

_P = ParamSpec("_P")


def _say(line: str) -> None:
    click.echo(line, err=True)


def _on_server(
    command: Callable[Concatenate[EmbeddedServer, _P], None],
) -> Callable[_P, None]:
    """Give the command its server, and print a CannotRun as sentence and hint."""

    @wraps(command)
    def wrapped(*args: _P.args, **options: _P.kwargs) -> None:
        # The option is accepted before and after the command's name.
        given = options.pop("data", None) or click.get_current_context().obj
        try:
            command(EmbeddedServer(Path(str(given)) / "postgres"), *args, **options)
        except CannotRun as error:
            _say(str(error.sentence))
            if error.hint:
                _say(str(error.hint))
            raise SystemExit(2) from None

    option = click.option(
        "--data",
        type=click.Path(file_okay=False),
        help="The data folder. Default: HONGHUI_DATA, else ./.data",
    )
    return option(wrapped)


@contextmanager
def _database(server: EmbeddedServer) -> Iterator[str]:
    """The URL to work on: DATABASE_URL, else the embedded server, started only if need be."""
    if given := os.environ.get("DATABASE_URL", ""):
        yield given
        return
    was_running = server.is_running()
    url = server.start(_say)
    try:
        yield url
    finally:
        if not was_running:
            server.stop()


@click.group()
@click.option(
    "--data",
    type=click.Path(file_okay=False),
    envvar="HONGHUI_DATA",
    default=".data",
    help="The data folder. Default: HONGHUI_DATA, else ./.data",
)
@click.pass_context
def db(context: click.Context, data: str) -> None:
    """Start, stop, back up and restore the database."""
    context.obj = data


@db.command()
@_on_server
def start(server: EmbeddedServer) -> None:
    """Start the embedded database and print its URL."""
    click.echo(server.start(_say))


@db.command()
@_on_server
def stop(server: EmbeddedServer) -> None:
    """Stop the embedded database."""
    was_running = server.is_running()
    server.stop()
    _say("The database has stopped." if was_running else "The database was not running.")


@db.command()
@_on_server
def status(server: EmbeddedServer) -> None:
    """Say whether the embedded database runs. Exit code 3 when it does not."""
    if not server.is_running():
        click.echo("stopped")
        raise SystemExit(3)
    click.echo(f"running\n{server.url}\nlog: {server.log}")


@db.command()
@_on_server
def url(server: EmbeddedServer) -> None:
    """Print the URL of the database: DATABASE_URL, else the embedded one."""
    click.echo(os.environ.get("DATABASE_URL", "") or server.url)


@db.command()
@_on_server
def psql(server: EmbeddedServer) -> None:
    """Open psql on the database."""
    with _database(server) as address:
        tool = choose_tools(server_major(address)).tool("psql")
        dbname, environment = connection_arguments(address)
        code = subprocess.run([tool, f"--dbname={dbname}"], env=environment, check=False).returncode
    raise SystemExit(code)


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@_on_server
def backup(server: EmbeddedServer, file: Path, force: bool) -> None:
    """Write the whole database to FILE."""
    with _database(server) as address:
        label = write_backup(address, file, force=force)
    _say(f"Backup written: {file} ({label.size} bytes, PostgreSQL {label.server}).")


def _log_heads(server: EmbeddedServer) -> Heads:
    """Beside the data, or where the setting says. What was signed is no part of any backup."""
    given = os.environ.get("HONGHUI_LOG_HEADS", "")
    return Heads(Path(given) if given else server.data_folder.parent / "log-heads")


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Erase what is in the database first.")
@_on_server
def restore(server: EmbeddedServer, file: Path, force: bool) -> None:
    """Fill an empty database from FILE."""
    with _database(server) as address:
        label = read_backup(address, file, force=force)
    _log_heads(server).mark_restored()
    _say(f"Restored: {file} (made {label.made} by Honghui {label.honghui}).")
