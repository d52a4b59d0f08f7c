"""The commands of `honghui keys`. The parent command has set Django up."""

from __future__ import annotations

import click


@click.group()
def keys() -> None:
    """The keys that seal personal values, after a new sealing secret."""


@keys.command()
def rewrap() -> None:
    """Bring keys and look-up hashes under the newest sealing secret. May be repeated."""
    from honghui.kernel.actors import system_actor
    from honghui.registry.key_rotation import rewrap_all

    wrapped, people = rewrap_all(system_actor("honghui keys rewrap"))
    click.echo(f"{wrapped} keys were wrapped anew, {people} people's hashes were made anew.")
    click.echo("Nothing on file needs an older secret now; older backups do.")
