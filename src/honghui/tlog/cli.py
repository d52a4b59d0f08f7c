"""The commands of `honghui log`. Exit codes: 0 proven, 1 a proof fails, 2 could not check."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click

from honghui.tlog import keys as log_keys
from honghui.tlog import verifying
from honghui.tlog.errors import TlogError
from honghui.tlog.heads import Head, Heads
from honghui.tlog.mirror import mirror as copy_log
from honghui.tlog.offline_page import offline_page
from honghui.tlog.recovery import recover as recover_log
from honghui.tlog.signatures import Key, SigningKey, parse_vkey
from honghui.tlog.storage import source_at, storage_at
from honghui.tlog.verification import Progress
from honghui.tlog.verifier import single_file
from honghui.tlog.witness import create_witness, open_witness, read_logs
from honghui.tlog.witness_client import RemoteWitness, seen_by
from honghui.tlog.witness_server import serve
from honghui.tlog.writer import writing

_P = ParamSpec("_P")
_Path = click.Path(path_type=Path)


def _plainly(command: Callable[_P, None]) -> Callable[_P, None]:
    """An error becomes its sentence, its hint and its exit code."""

    @wraps(command)
    def wrapped(*args: _P.args, **options: _P.kwargs) -> None:
        try:
            command(*args, **options)
        except TlogError as error:
            click.echo(error.verdict, err=True)
            sys.exit(error.exit_code)

    return wrapped


class _Vkey(click.ParamType[Key]):
    name = "vkey"

    def convert(
        self, value: str | Key, param: click.Parameter | None, ctx: click.Context | None
    ) -> Key:
        if isinstance(value, Key):
            return value
        try:
            return parse_vkey(value)
        except TlogError as error:
            self.fail(str(error), param, ctx)


key_option = click.option(
    "--key", "keys", type=_Vkey(), multiple=True, required=True,
    help="The log's key, as printed on receipts. More: its next key, its witnesses' keys.",
)  # fmt: skip
state_option = click.option(
    "--state", type=_Path, help="Keeps the last head seen; the log may never go behind it."
)
_signing = click.option(
    "--signing-key", "signing", type=_Path,
    help=f"The file of the log's signing keys. Else {log_keys.FROM_ENVIRONMENT}.",
)  # fmt: skip
_heads = click.option(
    "--heads", type=_Path, required=True,
    help="The folder that keeps the last signed head. Never inside the database or its backup.",
)  # fmt: skip


@click.group()
def log() -> None:
    """The public record: check it, copy it, prove one entry of it, witness it."""


@log.command()
@click.argument("location")
@key_option
@state_option
@click.option("--processes", type=click.IntRange(min=1), help="Default: one a core.")
@_plainly
def verify(location: str, keys: tuple[Key, ...], state: Path | None, processes: int | None) -> None:
    """Proves the whole log at LOCATION, a folder or an address."""
    source = source_at(location)
    signed = verifying.check_log(source, keys, state=state, bar=progress_bar, processes=processes)
    click.echo(f"PROVEN {verifying.in_words(signed)}")


@log.command()
@click.argument("location")
@click.argument("folder")
@key_option
@_plainly
def mirror(location: str, folder: str, keys: tuple[Key, ...]) -> None:
    """Copies the log at LOCATION into FOLDER (or s3://bucket/prefix), proven on the way."""
    with progress_bar(None) as progress:
        signed = copy_log(source_at(location), storage_at(folder), keys, progress=progress)
    click.echo(f"PROVEN and copied {verifying.in_words(signed)}")


@log.command()
@click.argument("location")
@click.argument("index", type=click.IntRange(min=0))
@key_option
@click.option("--to", type=_Path, help="The file for the proof. Default: INDEX.tlog-proof.")
@click.option("--entry", type=_Path, help="A file for the entry itself.")
@_plainly
def prove(
    location: str, index: int, keys: tuple[Key, ...], to: Path | None, entry: Path | None
) -> None:
    """Saves the proof of entry INDEX, which can be checked without any server."""
    proof, data = verifying.prove(source_at(location), keys, index)
    to = to or Path(f"{index}.tlog-proof")
    to.write_bytes(proof.raw)
    if entry is not None:
        entry.write_bytes(data)
    click.echo(f"{to}: {len(proof.hashes)} hashes lead from entry {index} to the signed root")


@log.command()
@click.argument("proof", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("entry", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@key_option
@_plainly
def check(proof: Path, entry: Path, keys: tuple[Key, ...]) -> None:
    """Checks a saved PROOF of the file ENTRY, offline."""
    index, signed = verifying.check_proof(proof.read_bytes(), entry.read_bytes(), keys)
    click.echo(f"PROVEN entry {index} of {verifying.in_words(signed)}")


@log.command()
@click.argument("origin")
@click.option("--to", type=_Path, required=True, help="A new file, for its owner alone.")
@click.option("--witness", is_flag=True, help="A witness's key instead of a log's.")
@click.option("--post-quantum", is_flag=True, help="An ML-DSA-44 key too.")
@_plainly
def key(origin: str, to: Path, witness: bool, post_quantum: bool) -> None:
    """Makes the keys of ORIGIN, such as log.example.org/gifts, and prints their public half."""
    make = log_keys.new_witness_keys if witness else log_keys.new_log_keys
    made = make(origin, post_quantum=post_quantum)
    log_keys.save_keys(to, made)
    for one in made:
        click.echo(one.public.vkey)


@log.command()
@click.argument("location")
@_signing
@_heads
@_plainly
def create(location: str, signing: Path | None, heads: Path) -> None:
    """Begins an empty log at LOCATION, a folder or s3://bucket/prefix."""
    signers, head = _writer_of(signing, heads)
    with writing(storage_at(location), signers, head, create=True) as writer:
        click.echo(f"{head.origin}: {writer.published}")


@log.command()
@click.argument("location")
@_signing
@_heads
@click.option("--from", "copies", multiple=True, help="The published address, or a mirror.")
@click.option(
    "--witness", "witnesses", nargs=2, type=(str, _Vkey()), multiple=True,
    metavar="ADDRESS VKEY", help="A witness, to be asked what it has seen.",
)  # fmt: skip
@_plainly
def recover(
    location: str,
    signing: Path | None,
    heads: Path,
    copies: tuple[str, ...],
    witnesses: tuple[tuple[str, Key], ...],
) -> None:
    """After a backup was restored: catches up with what the world has seen."""
    signers, head = _writer_of(signing, heads)
    ours = [one.public for one in signers]
    seen = [
        seen_by(RemoteWitness(address, (key,)), head.origin, ours) for address, key in witnesses
    ]
    with progress_bar(None) as progress:
        found = recover_log(
            storage_at(location),
            head,
            ours,
            copies=[source_at(copy) for copy in copies],
            witnessed=[one.raw for one in seen if one is not None],
            progress=progress,
        )
    click.echo(f"The writer may go on from {found}")


@log.command()
@click.argument("folder", type=_Path)
@click.option("--signing-key", "signing", type=_Path, help="The file of the witness's keys.")
@click.option(
    "--logs", type=_Path, required=True, help="A text file: the vkey of each log it follows."
)
@click.option("--create", "is_new", is_flag=True, help="Begins a new witness in FOLDER.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8090, show_default=True)
@click.option("--prefix", default="", help="The path before /add-checkpoint, such as /witness.")
@_plainly
def witness(
    folder: Path, signing: Path | None, logs: Path, is_new: bool, host: str, port: int, prefix: str
) -> None:
    """Cosigns logs that only ever grow. FOLDER keeps what was cosigned: never restore it from a
    backup."""
    signers = log_keys.load_keys(signing)
    if is_new:
        create_witness(folder, signers)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    serve(open_witness(folder, signers, read_logs(logs)), host, port, prefix=prefix)


@log.command()
@click.argument("file", type=_Path, default="verify.py")
@_plainly
def verifier(file: Path) -> None:
    """Writes verify.py: one file that checks a log with Python and `cryptography` alone."""
    file.write_text(single_file(), "utf-8")
    click.echo(file)


@log.command()
@click.argument("file", type=_Path, default="verify.html")
@_plainly
def page(file: Path) -> None:
    """Writes verify.html: a page that checks a saved proof in any browser, offline."""
    file.write_text(offline_page(), "utf-8")
    click.echo(file)


def _writer_of(signing: Path | None, heads: Path) -> tuple[list[SigningKey], Head]:
    signers = log_keys.load_keys(signing)
    return signers, Heads(heads).of(signers[0].name)


@contextmanager
def progress_bar(size: int | None, *, label: str = "Checking") -> Iterator[Progress]:
    """Where a person looks on, a bar; of unknown length, a count."""
    if not sys.stderr.isatty():
        yield lambda _done: None
    elif size is None:
        yield lambda done: click.echo(f"\r{done:,} entries", nl=False, err=True)
        click.echo(err=True)
    else:
        with click.progressbar(length=size, label=label, file=sys.stderr) as bar:
            yield lambda done: bar.update(done - bar.pos)
