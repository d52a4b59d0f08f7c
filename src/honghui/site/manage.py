"""`honghui manage …`: any Django command, with the same data folder and database."""

from __future__ import annotations

import click


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run a Django command."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["honghui manage", *arguments])
