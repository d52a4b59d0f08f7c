"""`honghui`: one command for whoever runs an installation.

    honghui up               serve: database, migrations, web, worker, until stopped
    honghui db …             start, stop, backup, restore
    honghui divisions …      administrative divisions from the locked package
    honghui account …        the first administrator, a forgotten password
    honghui keys …           after a new sealing secret
    honghui world …          sample worlds
    honghui ledger …         the books: counted again, exported for other programs
    honghui sequencer …      gives positions, writes the public log
    honghui messages …       sends and takes in messages; simulates a gateway
    honghui payments …       takes in what payment platforms tell; simulates one
    honghui call-outs …      calls the next one when too few answer
    honghui alerts …         takes in warnings (CAP 1.2)
    honghui log …            the public record: check it, copy it, prove an entry, witness it
    honghui record …         the schemas of public records, and whether a record is one
    honghui audit …          re-proves the books from the public log
    honghui replay-model …   the audit's model of pools, for whoever compares a ledger with it
    honghui manage …         any Django command

Each group is imported when it is used: `honghui audit` needs neither Django nor a database.
"""

from __future__ import annotations

import importlib
import sys

import click

from honghui import __version__
from honghui.kernel.errors import HonghuiError

# name -> (module, attribute, whether Django and its database must be ready first)
GROUPS = {
    "up": ("honghui.site.up", "up", False),
    "db": ("honghui.kernel.postgres.cli", "db", False),
    "divisions": ("honghui.registry.cli", "divisions", True),
    "account": ("honghui.registry.account_cli", "account", True),
    "keys": ("honghui.registry.keys_cli", "keys", True),
    "world": ("honghui.worlds.cli", "world", True),
    "ledger": ("honghui.ledger.cli", "ledger", True),
    "sequencer": ("honghui.ledger.sequencer_cli", "sequencer", True),
    "messages": ("honghui.messaging.cli", "messages", True),
    "payments": ("honghui.payments.cli", "payments", True),
    "call-outs": ("honghui.callouts.cli", "call_outs", True),
    "alerts": ("honghui.rescue.alerts_cli", "alerts", True),
    "log": ("honghui.site.log_cli", "log", False),
    "record": ("honghui.record.cli", "record", False),
    "audit": ("honghui.audit.cli", "audit", False),
    "replay-model": ("honghui.audit.cli", "replay_model", False),
    "manage": ("honghui.site.manage", "manage", True),
}


class LazyGroups(click.Group):
    def list_commands(self, context: click.Context) -> list[str]:
        return list(GROUPS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in GROUPS:
            return None
        module, attribute, _needs_django = GROUPS[name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Called when a command is about to run, not when help lists them all."""
        name, command, rest = super().resolve_command(context, arguments)
        if name in GROUPS and GROUPS[name][2] and "--help" not in rest:
            from honghui.site.start import ready_django

            ready_django()
        return name, command, rest


@click.group(cls=LazyGroups)
@click.version_option(__version__)
def commands() -> None:
    """The Digital Red Cross, from the command line."""


def main() -> None:
    """Runs a command; what cannot run, or is refused, says why and what to do: exit code 2."""
    try:
        commands(prog_name="honghui")
    except HonghuiError as error:
        click.echo(f"honghui: {error.sentence}", err=True)
        if error.hint:
            click.echo(f"         {error.hint}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
