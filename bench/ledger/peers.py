"""Two ledgers that others wrote, on the same server: django-hordak and Tryton.

They run in an environment of their own, made from `requirements-ledger-peers.lock` in the folder of
the bench's database. Alone, our own numbers beside them: `python -m bench.ledger.peers`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import psycopg

from bench.ledger import arriving
from bench.ledger.acting import receive_ms
from bench.ledger.database import connect, fresh_database
from bench.table import Row, as_markdown
from honghui.kernel.postgres.binaries import find_binaries

HERE = Path(__file__).resolve().parent
LOCK = HERE.parents[1] / "requirements-ledger-peers.lock"
SECONDS = 4

_TRANSACTION = """
INSERT INTO hordak_transaction (uuid, timestamp, date, description)
VALUES (gen_random_uuid(), now(), '2020-06-20', 'payment') RETURNING id"""
_LEG = """
INSERT INTO hordak_leg (uuid, transaction_id, account_id, credit, debit, currency, description)"""
# The statements that hordak itself sends for one gift.
HORDAK = f"""
BEGIN;{_TRANSACTION} \\gset{_LEG}
VALUES (gen_random_uuid(), :id, {{income}}, 50, NULL, 'CNY', '');{_LEG}
VALUES (gen_random_uuid(), :id, {{bank}}, NULL, 50, 'CNY', '');
COMMIT;
"""
# The same three rows in one statement, which hordak does not send: one way to the server and back.
HORDAK_AT_ONCE = f"""
WITH made AS ({_TRANSACTION}){_LEG}
SELECT gen_random_uuid(), made.id, leg.account, leg.credit, leg.debit, 'CNY', ''
FROM made, (VALUES ({{income}}, 50, NULL::int), ({{bank}}, NULL, 50)) AS leg (account, credit, debit);
"""


@dataclass(frozen=True)
class Hordak:
    """Milliseconds for one gift. All but `manual` by pgbench, in turn with ours."""

    ours: float
    statements: float
    at_once: float
    manual: float  # Account.transfer_to, in Python


@dataclass(frozen=True)
class Tryton:
    """Milliseconds for one gift: as its server does it, and had it known at once what to lock."""

    served: float
    lock_known: float


def hordak_ms(address: str) -> Hordak:
    """`address`: a database of ours that `arriving.prepare` has prepared."""
    theirs = empty_database(address, "hordak")
    told = ask("hordak_peer.py", theirs)
    pgbench = str(find_binaries().tool("pgbench"))
    scripts = {
        "ours": (address, arriving.GIVE),
        "statements": (theirs, HORDAK.format_map(told)),
        "at_once": (theirs, HORDAK_AT_ONCE.format_map(told)),
    }
    times: dict[str, list[float]] = {name: [] for name in scripts}
    for _ in range(arriving.ROUNDS):
        for name, (at, script) in scripts.items():
            rate = arriving.per_second(pgbench, at, script, clients=1, pools=1, seconds=SECONDS)
            times[name].append(1000 / rate)
    return Hordak(**{name: median(found) for name, found in times.items()}, manual=told["manual"])


def tryton_ms(address: str) -> Tryton:
    """`address`: any database of the server."""
    return Tryton(**ask("tryton_peer.py", empty_database(address, "tryton")))


def hordak_row(peer: Hordak) -> Row:
    """Against the library as its manual uses it, which is what the sketch of 1.5 ms measured. The
    statements that it sends, without it, stand beside: that is less than it asks of anybody."""
    return Row(
        "one durable gift in SQL: its time, of that of a gift in django-hordak, by its manual",
        100 * peer.ours / peer.manual, 33.3, "%",
        f"{peer.ours:.2f} ms; theirs {peer.manual:.2f} ms ({peer.manual / peer.ours:.1f} ×); only "
        f"the statements it sends {peer.statements:.2f} ms "
        f"({peer.statements / peer.ours:.1f} ×), in one statement {peer.at_once:.2f} ms "
        f"({peer.at_once / peer.ours:.1f} ×)",
    )  # fmt: skip


def tryton_row(peer: Tryton, action_ms: float) -> Row:
    return Row(
        "one gift through the whole action: its time, of that of a posted move in Tryton",
        100 * action_ms / peer.served, 3.3, "%",
        f"{action_ms:.2f} ms; theirs {peer.served:.1f} ms ({peer.served / action_ms:.0f} ×), "
        f"{peer.lock_known:.1f} ms if it knew at once what to lock "
        f"({peer.lock_known / action_ms:.0f} ×)",
    )  # fmt: skip


def ask(script: str, address: str) -> dict[str, float]:
    told: dict[str, float] = json.loads(run(str(environment()), "-I", str(HERE / script), address))
    return told


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def environment() -> Path:
    """Its Python, with the locked packages. Made once a run, and gone with the database."""
    folder = Path(os.environ["HONGHUI_DATA"]) / "peers"
    inside, stamp = folder / "bin" / "python", folder / "installed"
    if not stamp.exists():
        run(sys.executable, "-m", "venv", str(folder))
        options = ["--quiet", "--disable-pip-version-check", "--require-hashes"]
        run(str(inside), "-m", "pip", "install", *options, "-r", str(LOCK))
        stamp.touch()
    return inside


def empty_database(address: str, name: str) -> str:
    """Another database of the same server."""

    def at(database: str) -> str:
        return urlsplit(address)._replace(path=f"/{database}").geturl()

    with psycopg.connect(at("postgres"), autocommit=True) as db:
        db.execute(f'CREATE DATABASE "{name}"')
    return at(name)


def main() -> None:
    with fresh_database() as address:
        with connect(address) as db:
            arriving.prepare(db)
        rows = [hordak_row(hordak_ms(address)), tryton_row(tryton_ms(address), receive_ms())]
    print(as_markdown("the ledger's peers", rows))


if __name__ == "__main__":
    main()
