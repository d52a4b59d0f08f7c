"""The command line of the single-file verifier: the standard library and `cryptography`, no more.

    python verify.py log    LOCATION --key VKEY [--state FILE]
    python verify.py proof  PROOF ENTRY --key VKEY
    python verify.py prove  LOCATION INDEX --key VKEY [--to FILE] [--entry FILE]

Exit codes: 0 proven, 1 a proof fails, 2 could not check.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from honghui.tlog.errors import TlogError
from honghui.tlog.signatures import parse_vkey
from honghui.tlog.storage import source_at
from honghui.tlog.verification import Progress
from honghui.tlog.verifying import check_log, check_proof, in_words, prove


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verify.py",
        description="Checks a public record without trusting its server.",
        epilog="Exit codes: 0 proven, 1 a proof fails, 2 could not check.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    whole = commands.add_parser("log", help="the whole log at a folder or an address")
    whole.add_argument("location")
    whole.add_argument("--state", type=Path, help="keeps the last head seen in this file")
    one = commands.add_parser("proof", help="a saved proof of one entry, offline")
    one.add_argument("proof", type=Path)
    one.add_argument("entry", type=Path)
    take = commands.add_parser("prove", help="save the proof of one entry")
    take.add_argument("location")
    take.add_argument("index", type=int)
    take.add_argument("--to", type=Path)
    take.add_argument("--entry", type=Path)
    for command in (whole, one, take):
        command.add_argument("--key", action="append", required=True, help="name+id+base64")
    return parser


def run(given: argparse.Namespace) -> str:
    """What to print when all is proven. Raises TlogError or OSError."""
    keys = [parse_vkey(one) for one in given.key]
    if given.command == "log":
        source = source_at(given.location)
        signed = check_log(source, keys, state=given.state, bar=progress_bar, processes=None)
        return f"PROVEN {in_words(signed)}"
    if given.command == "proof":
        index, signed = check_proof(given.proof.read_bytes(), given.entry.read_bytes(), keys)
        return f"PROVEN entry {index} of {in_words(signed)}"
    proof, entry = prove(source_at(given.location), keys, given.index)
    to = given.to or Path(f"{given.index}.tlog-proof")
    to.write_bytes(proof.raw)
    if given.entry:
        given.entry.write_bytes(entry)
    return f"{to}: {len(proof.hashes)} hashes lead from entry {given.index} to the signed root"


@contextmanager
def progress_bar(size: int) -> Iterator[Progress]:
    def show(done: int) -> None:
        sys.stderr.write(f"\rchecking {done:,} of {size:,} entries")
        sys.stderr.flush()

    if sys.stderr.isatty():
        yield show
        sys.stderr.write("\n")
    else:
        yield lambda _done: None


def main(argv: Sequence[str] | None = None) -> int:
    try:
        sys.stdout.write(run(arguments().parse_args(argv)) + "\n")
    except TlogError as error:
        sys.stderr.write(f"{error.verdict}\n")
        return error.exit_code
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
