"""Runs in the virtual environment of `requirements-peers.lock`, with nothing of ours: another
implementation reads our log, cosigns it, or asks our witness. Answers in JSON, one line.

    peer.py read FOLDER VKEY SEED      everything that a reader can prove
    peer.py witness FOLDER VKEY        serves until its input ends; says its address and key
    peer.py ask URL WITNESS_VKEY FOLDER OLD    a log's side: submits the checkpoint of FOLDER
"""

from __future__ import annotations

import json
import random
import sys
import threading
from pathlib import Path
from typing import Any

import aics_tlog as tlog
from aics_witness import config, feeder, service, store
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

INDEXES = 40


def say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def opened(folder: str, vkey: str) -> tuple[tlog.Checkpoint, tlog.FileSystemTileReader]:
    note = tlog.parse_note((Path(folder) / "checkpoint").read_bytes())
    result = tlog.verify_checkpoint(note, tlog.parse_vkey(vkey))
    assert result.log_ok, result
    return tlog.parse_checkpoint(note.text), tlog.FileSystemTileReader(folder)


def read(folder: str, vkey: str, seed: str) -> dict[str, Any]:
    checkpoint, files = opened(folder, vkey)
    size, root = checkpoint.size, checkpoint.root
    report = tlog.audit_tiles(files, size, root)
    tiles = tlog.VerifiedTileReader(files, size, root)
    chosen = random.Random(int(seed))
    inclusion, consistency = {}, {}
    for index in {0, size - 1, *(chosen.randrange(size) for _ in range(INDEXES))}:
        proof = tlog.inclusion_proof_from_tiles(tiles, index, size)
        leaf = tlog.leaf_hash(tiles.entry(index))
        assert tlog.verify_inclusion(leaf, index, size, proof, root)
        inclusion[index] = [one.hex() for one in proof]
    for old in {1, size, *(chosen.randint(1, size) for _ in range(INDEXES))}:
        old_root = tlog.tree_root_from_tiles(tiles, old, size)
        proof = tlog.consistency_proof_from_tiles(tiles, old, size)
        assert tlog.verify_consistency(old, size, old_root, root, proof)
        consistency[old] = [old_root.hex(), *(one.hex() for one in proof)]
    return {
        "size": size,
        "root": root.hex(),
        "tiles": report.tiles,
        "bundles": report.bundles,
        "inclusion": inclusion,
        "consistency": consistency,
    }


def witness(folder: str, vkey: str) -> dict[str, Any]:
    key = Ed25519PrivateKey.from_private_bytes(b"\x0b" * 32)
    log = config.LogConfig.from_strings(tlog.parse_vkey(vkey).name, [vkey])
    kept = store.WitnessStore(Path(folder) / "witness.db", create=True)
    one = service.Witness("peer.example.org/w", key, kept, [log])
    server = service.make_server(one)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    say({"address": server.url, "vkey": one.vkey_text})
    sys.stdin.read()
    server.shutdown()
    return {}


def ask(address: str, witness_vkey: str, folder: str, old: str) -> dict[str, Any]:
    note = (Path(folder) / "checkpoint").read_bytes()
    files = tlog.FileSystemTileReader(folder)

    def prove(first: int, size: int) -> list[bytes]:
        return tlog.consistency_proof_from_tiles(files, first, size)

    with feeder.WitnessClient(address, witness_vkey, max_attempts=1) as client:
        try:
            return {"lines": client.submit(note, prove, old_size=int(old))}
        except feeder.FeederError as error:
            return {"error": type(error).__name__, "said": str(error)}


if __name__ == "__main__":
    commands = {"read": read, "witness": witness, "ask": ask}
    say(commands[sys.argv[1]](*sys.argv[2:]))
