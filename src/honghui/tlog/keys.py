"""The log's own keys: made by a command, kept in a file that only its owner reads.

One line a key, in the form of Go's sumdb: PRIVATE+KEY+name+id+base64(kind||secret). The same lines
may come from the environment instead, `HONGHUI_LOG_KEY`.
"""

from __future__ import annotations

import base64
import os
import secrets
import stat
from collections.abc import Sequence
from pathlib import Path

from honghui.tlog.errors import Malformed, WillNotSign
from honghui.tlog.signatures import (
    COSIGNATURE,
    COSIGNATURE_MLDSA,
    KINDS,
    NOTE,
    SEED_BYTES,
    SigningKey,
    check_name,
    decode_base64,
)

PREFIX = "PRIVATE+KEY+"
FROM_ENVIRONMENT = "HONGHUI_LOG_KEY"


def new_log_keys(origin: str, *, post_quantum: bool = False) -> list[SigningKey]:
    """The log's own key, one that signs the time too, and by choice one of ML-DSA-44."""
    kinds = [NOTE, COSIGNATURE] + [COSIGNATURE_MLDSA] * post_quantum
    return [SigningKey(check_name(origin), kind, secrets.token_bytes(SEED_BYTES)) for kind in kinds]


def new_witness_keys(name: str, *, post_quantum: bool = False) -> list[SigningKey]:
    kinds = [COSIGNATURE] + [COSIGNATURE_MLDSA] * post_quantum
    return [SigningKey(check_name(name), kind, secrets.token_bytes(SEED_BYTES)) for kind in kinds]


def as_text(keys: Sequence[SigningKey]) -> str:
    return "".join(
        f"{PREFIX}{key.name}+{key.public.id.hex()}+"
        f"{base64.b64encode(bytes([key.kind]) + key.seed).decode()}\n"
        for key in keys
    )


def parse_keys(text: str) -> list[SigningKey]:
    """Raises Malformed, and never repeats a line: it is a secret."""
    return [
        _parse_key(line, number)
        for number, line in enumerate(text.split(), 1)
        if not line.startswith("#")
    ]


def _parse_key(line: str, number: int) -> SigningKey:
    wrong = Malformed(
        "This line is no signing key.",
        "A key is one line, PRIVATE+KEY+name+id+base64, as `honghui log key` wrote it.",
        where=f"line {number} of the keys",
    )
    parts = line.removeprefix(PREFIX).split("+", 2)
    if not line.startswith(PREFIX) or len(parts) != 3:
        raise wrong
    try:
        data = decode_base64(parts[2])
        name = check_name(parts[0])
    except Malformed:
        raise wrong from None
    if len(data) != 1 + SEED_BYTES or data[0] not in KINDS:
        raise wrong
    key = SigningKey(name, data[0], data[1:])
    if key.public.id.hex() != parts[1]:
        raise wrong
    return key


def save_keys(path: Path, keys: Sequence[SigningKey]) -> None:
    """A new file for its owner alone (0600). Never over one that is there."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise WillNotSign(
            "A file is there already, and a lost key is lost for ever, so it stays as it is.",
            "Choose another name.",
            where=str(path),
        ) from None
    with os.fdopen(handle, "w") as file:
        file.write(as_text(keys))
        file.flush()
        os.fsync(file.fileno())


def load_keys(path: Path | None) -> list[SigningKey]:
    """From the environment if it has them, else from the file. Raises WillNotSign."""
    if given := os.environ.get(FROM_ENVIRONMENT, ""):
        return parse_keys(given)
    if path is None or not path.exists():
        raise WillNotSign(
            f"There is no key: {path or 'no file was named'}, and {FROM_ENVIRONMENT} is not set.",
            "Make one with `honghui log key ORIGIN --to FILE`.",
        )
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise WillNotSign(
            "Others can read the file of the signing keys.", f"chmod 600 {path}", where=str(path)
        )
    return parse_keys(path.read_text())
