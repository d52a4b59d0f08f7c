"""The numbers of the ledger, each beside a floor of the same run.

Gifts one by one, and a million at once; what others' ledgers take for one; traces in books of half
a million gifts to five million, which are drawn; kits of eleven parts. About eight minutes, and
12 GB in the temporary folder.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path
from statistics import quantiles

from bench.ledger import arriving, bulk, kits, peers, tracing
from bench.ledger.acting import receive_ms
from bench.ledger.database import connect, copy_of, fresh_database
from bench.plot import growth_plot
from bench.table import Row
from honghui.kernel.postgres.binaries import find_binaries

MILLION = 1_000_000
SIZES = (MILLION // 2, MILLION, 2 * MILLION, 5 * MILLION)
PLOT = Path(__file__).parent.parent / "results" / "ledger.svg"
WAYS = {"forward": "what became of a gift", "backward": "who bore a use"}


def rows() -> list[Row]:
    with fresh_database() as address:
        names = ("peer", "bulk", "beside", "gifts")
        peer, many, beside, apart = (copy_of(address, name) for name in names)
        books = {size: copy_of(address, f"books-{size}") for size in SIZES[:-1]}
        books[SIZES[-1]] = address
        for prepared in (peer, many, beside, apart):
            with connect(prepared) as db:
                arriving.prepare(db)
        hordak, tryton = peers.hordak_ms(peer), peers.tryton_ms(address)
        measured = [*gifts(apart), bulk_row(many, beside), peers.hordak_row(hordak)]
        spreads = {size: traced(where, size) for size, where in books.items()}
        packed = packed_and_traced(address)
        counted = recount_s(address)
        action = receive_ms()
    measured += [action_row(action), peers.tryton_row(tryton, action)]
    return [*measured, *traces(spreads), kit_row(packed), recount_row(counted)]


def gifts(address: str) -> list[Row]:
    pgbench = str(find_binaries().tool("pgbench"))
    os.environ["DATABASE_URL"] = address  # for the processes beside the clients
    with connect(address) as db:
        # First, while there is no older record to publish.
        late = quantiles(arriving.published_after_s(pgbench, address, db), n=100)

        def rate(script: str, clients: int, pools: int) -> float:
            return arriving.per_second(pgbench, address, script, clients=clients, pools=pools)

        plain, give = rate(arriving.PLAIN, 1, 1), rate(arriving.GIVE, 1, 1)
        floor = rate(arriving.ONE_ROW, arriving.CLIENTS, 1)
        same = rate(arriving.PLAIN, arriving.CLIENTS, arriving.HOT)
        with arriving.placing():
            hot = rate(arriving.GIVE, arriving.CLIENTS, arriving.HOT)
        with arriving.placing():
            many = rate(arriving.GIVE, arriving.CLIENTS, arriving.MANY)
        alone = rate(arriving.GIVE, arriving.CLIENTS, arriving.HOT)
    return [
        Row("one durable gift in SQL, against a plain insert of the same row",
            plain / give, 1.5, "×", f"{1000 / give:.2f} ms; plain {1000 / plain:.2f} ms"),
        Row("one hot pool, 32 clients, the sequencer beside them: a one-row insert is so much faster",
            floor / hot, 1 / 0.8, "×",
            f"{hot:,.0f}/s; one row {floor:,.0f}/s, the gift's own row, nothing asked, "
            f"{same:,.0f}/s; without the sequencer {alone:,.0f}/s"),
        Row("1,000 pools, 32 clients, are so much faster than one hot pool",
            many / hot, 1 / 0.9, "×", f"{many:,.0f}/s"),
        Row("recorded → published at 2,000 gifts a second (p99)",
            late[98], 1.5, "s", f"median {late[49]:.2f} s"),
    ]  # fmt: skip


def bulk_row(address: str, beside: str) -> Row:
    os.environ["DATABASE_URL"] = address
    ours, copied = bulk.bulk_s(address, beside)
    return Row(
        "a million gifts with their positions: COPY of the same rows into the same tables is so much faster",
        ours / copied, 1 / 0.3, "×", f"{ours:.1f} s; COPY {copied:.1f} s",
    )  # fmt: skip


def traced(address: str, count: int) -> dict[str, tracing.Spread]:
    with connect(address) as db:
        tracing.fill(db, count)
        chance = random.Random(370)
        return {
            "forward": tracing.forward(db, count, chance),
            "backward": tracing.backward(db, chance),
            "floor": tracing.spread(lambda: len(db.execute("SELECT 1").fetchall())),
        }


def packed_and_traced(address: str) -> kits.Traced:
    with connect(address) as db:
        return kits.trace(db, kits.fill(db))


def recount_s(address: str) -> float:
    from honghui.ledger.recounting import recount

    with connect(address) as db:
        tracing.complete(db)
    begun = time.perf_counter()
    list(recount())
    return time.perf_counter() - begun


def traces(spreads: dict[int, dict[str, tracing.Spread]]) -> list[Row]:
    growth_plot(
        PLOT,
        "A trace while the books grow (p99)",
        {
            words: [(size / MILLION, at_size[way].p99_ms) for size, at_size in spreads.items()]
            for way, words in WAYS.items()
        },
        ("million gifts", "ms"),
    )
    before, after = spreads[SIZES[0]], spreads[SIZES[-1]]
    made = []
    for way, words in WAYS.items():
        small, large, floor = before[way], after[way], after["floor"]
        every = [at_size[way].p99_ms for at_size in spreads.values()]
        made += [
            Row(f"{words}: 5 million gifts, 3 hops, holes and covers (p99)", large.p99_ms, 1, "ms",
                f"median {large.p50_ms:.2f} ms, {large.pieces:.1f} pieces; "
                f"select 1: p99 {floor.p99_ms:.2f} ms"),
            Row(f"{words}: growth of the p99 from 0.5 to 5 million gifts",
                large.p99_ms / small.p99_ms, 1.5, "×",
                f"{', '.join(f'{one:.2f}' for one in every)} ms "
                f"at {', '.join(f'{size / MILLION:g}' for size in spreads)} million"),
        ]  # fmt: skip
    return made


def kit_row(packed: kits.Traced) -> Row:
    forward, backward, single = packed
    return Row(
        "trace of an 11-part kit, through a purchase of each part, in books of 5 million gifts: "
        "the slower way (p99)",
        max(forward.p99_ms, backward.p99_ms), 5, "ms",
        f"who bore a handing out of 1 to {kits.HANDED_OUT_MOST}: {_told(backward)}; "
        f"of one: {_told(single)}; what became of a gift in them: {_told(forward)}",
    )  # fmt: skip


def _told(one: tracing.Spread) -> str:
    return f"p99 {one.p99_ms:.2f} ms, median {one.p50_ms:.2f} ms, {one.pieces:.1f} pieces"


def action_row(action_ms: float) -> Row:
    words = "one gift through the whole action (access, purpose, act, record), one client"
    return Row(words, action_ms, 3, "ms", "in books of 6 million movements")


def recount_row(seconds: float) -> Row:
    return Row("recount of 6 million movements", seconds, 30, "s")
