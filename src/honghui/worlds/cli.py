"""The commands of `honghui world`. The parent command has set Django up."""

from __future__ import annotations

import time

import click


@click.group()
def world() -> None:
    """Sample worlds: an installation filled with a story, at a pinned moment."""


@world.command("list")
def list_worlds() -> None:
    """Name the worlds there are; * marks the one that is loaded."""
    from honghui.kernel.models import World
    from honghui.worlds.loader import worlds

    loaded = World.objects.values_list("name", flat=True).first()
    for each in worlds():
        mark = "*" if loaded == each.NAME else " "
        click.echo(f"{mark} {each.NAME}  {each.TITLE}  {each.PINNED_AT:%Y-%m-%d %H:%M}")


@world.command()
@click.argument("name")
def load(name: str) -> None:
    """Load the world NAME into an empty database. May be repeated."""
    from honghui.worlds.loader import load_world

    begun = time.monotonic()
    fresh = load_world(name, lambda line: click.echo(f"  {line}", err=True))
    seconds = time.monotonic() - begun
    click.echo(f"{name} is loaded ({seconds:.1f} s)." if fresh else f"{name} was there already.")
