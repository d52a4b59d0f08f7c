"""Where this installation's log lies: its files, the last signed head, the keys, and the side files
that open what its records only vouch for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from django.conf import settings

from honghui.record.side_files import SideFolder
from honghui.tlog import keys
from honghui.tlog.errors import Malformed
from honghui.tlog.heads import Head, Heads
from honghui.tlog.signatures import Key, SigningKey, parse_vkey
from honghui.tlog.storage import Storage, storage_at
from honghui.tlog.witness_client import Cosigners, RemoteWitness
from honghui.tlog.writer import Writer, writing


def key_file() -> Path:
    return Path(settings.DATA_FOLDER) / "secrets" / "log_key"


def signing_keys() -> list[SigningKey]:
    """From the environment or the data folder. Made on first use, for the setting LOG_ORIGIN."""
    path = key_file()
    if not os.environ.get(keys.FROM_ENVIRONMENT) and not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        keys.save_keys(path, keys.new_log_keys(settings.LOG_ORIGIN))
    return keys.load_keys(path)


def public_keys() -> list[Key]:
    """What verifies this log; the first is the one that is printed. Empty before the sequencer has
    begun the log: whoever only reads makes no key, or two processes could each make one."""
    if not os.environ.get(keys.FROM_ENVIRONMENT) and not key_file().exists():
        return []
    return [one.public for one in keys.load_keys(key_file())]


def storage() -> Storage:
    return storage_at(settings.LOG_LOCATION)


def side_files() -> SideFolder:
    """The names and texts behind salted hashes, each until it is withdrawn."""
    return SideFolder(Path(settings.SIDE_FILES))


def head(signers: list[SigningKey]) -> Head:
    return Heads(Path(settings.LOG_HEADS)).of(signers[0].name)


def witnesses() -> list[RemoteWitness]:
    """Who is asked to cosign every head. Raises Malformed for a setting that cannot be read."""
    found = []
    for one in settings.LOG_WITNESSES:
        location, *vkeys = one.split()
        if not vkeys:
            raise Malformed("A witness is an address, a blank, and its key.", where=one[:80])
        found.append(RemoteWitness(location, tuple(map(parse_vkey, vkeys))))
    return found


@contextmanager
def writer() -> Iterator[Writer]:
    """The log's writer, alone while this lasts; a new log where there is none yet."""
    signers = signing_keys()
    begin = partial(writing, storage(), signers, head(signers), create=True)
    asked = witnesses()
    if not asked:
        with begin() as one:
            yield one
        return
    ours = [each.public for each in signers]
    cosigners = Cosigners(asked, settings.LOG_WITNESS_QUORUM, ours)
    with closing(cosigners), begin(cosign=cosigners) as one:
        yield one
