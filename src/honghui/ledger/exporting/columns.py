"""The four tables that are exported: which columns, and what each means.

Nothing but what the public record says too: no act of the journal, no name, and not the minute at
which something was written down (a record tells the hour).
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

Type = Literal["integer", "string", "date"]


class Column(NamedTuple):
    """`sql`: how it is read, where that is not its name."""

    name: str
    type: Type
    description: str
    is_required: bool = True
    sql: str = ""


class Table(NamedTuple):
    """`refers`: a column, the table it speaks of ("" for its own), and that one's column."""

    name: str
    description: str
    columns: tuple[Column, ...]
    source: str
    key: tuple[str, ...]
    refers: tuple[tuple[str, str, str], ...] = ()

    @property
    def query(self) -> str:
        """In the order of its key, so that the same books give the same file."""
        chosen = ", ".join(f'{one.sql or quoted(one.name)} AS "{one.name}"' for one in self.columns)
        order = ", ".join(str(1 + self._names.index(name)) for name in self.key)
        return f"SELECT {chosen} FROM {self.source} ORDER BY {order}"

    @property
    def _names(self) -> list[str]:
        return [one.name for one in self.columns]

    def schema(self) -> dict[str, Any]:
        """A Table Schema (Frictionless Data)."""
        fields = [
            {
                "name": one.name,
                "type": one.type,
                "description": one.description,
                **({"constraints": {"required": True}} if one.is_required else {}),
            }
            for one in self.columns
        ]
        keys = [
            {"fields": [name], "reference": {"resource": table, "fields": [other]}}
            for name, table, other in self.refers
        ]
        return {
            "fields": fields,
            "missingValues": [""],
            "primaryKey": list(self.key),
            **({"foreignKeys": keys} if keys else {}),
        }


def quoted(name: str) -> str:
    return f'"{name}"'


def _day(name: str) -> str:
    return f"to_char({name}, 'YYYY-MM-DD')"


def _side(side: str, words: str) -> tuple[Column, ...]:
    return (
        Column(f"{side}_pool", "integer", f"pool {words}", is_required=False),
        Column(f"{side}_lo", "integer", "its first position", is_required=False),
        Column(f"{side}_hi", "integer", "the position after its last", is_required=False),
    )


POOLS = Table(
    "pools",
    "Where value lies. What is left is taken_in less booked.",
    (
        Column("id", "integer", "the pool's number in these tables"),
        Column("society", "string", "division code of the society"),
        Column("purpose", "string", "code of the purpose"),
        Column("source", "string", "donation, appropriation or own"),
        Column("commodity", "string", "a currency in capitals, or the code of a lot"),
        Column("place", "string", "code of the place"),
        Column("stage", "string", "on_hand, reserved, decided, in_transit or shortfall"),
        Column(
            "ref", "string", "what it is set aside for, or the way it is on", is_required=False,
            sql="replace(ref::text, '-', '')",
        ),
        Column("taken_in", "integer", "smallest units that ever came in: fen, single pieces"),
        Column("booked", "integer", "smallest units that left"),
    ),
    "ledger_pool JOIN ledger_intake i ON i.pool_id = id JOIN ledger_booking b ON b.pool_id = id",
    ("id",),
)  # fmt: skip
ENTRIES = Table(
    "entries",
    "What was done with value, act by act.",
    (
        Column("number", "integer", "the entry's number in these tables"),
        Column("act", "string", "gift, move, use, …"),
        Column("society", "string", "whose act it is"),
        Column("occurred_on", "date", "the day on which it happened", sql=_day("occurred_on")),
        Column(
            "request", "string", "keyed hash of the request's key",
            sql="encode(request, 'hex')",
        ),
        Column(
            "content", "string", "SHA-256 of what was asked for", sql="encode(content, 'hex')"
        ),
        Column("of", "integer", "the entry that it undoes or answers", is_required=False),
    ),
    "ledger_entry",
    ("number",),
    (("of", "", "number"),),
)  # fmt: skip
MOVEMENTS = Table(
    "movements",
    "Pieces of positions: what left a pool, what was made good, what came in.",
    (
        Column("number", "integer", "the entry"),
        Column("piece", "integer", "counts from 0 within the entry"),
        Column("step", "integer", "of the entry, from 0"),
        Column("part", "integer", "of the step, from 0"),
        Column("leg", "integer", "of the part, from 0"),
        *_side("out", "that it left"),
        *_side("settled", "in which it was made good, after it had been spent"),
        *_side("in", "that it came into"),
        Column("offset", "integer", "where the piece begins in its part", is_required=False),
        Column("part_length", "integer", "how long the part is", is_required=False),
        Column("onto_lo", "integer", "first position that the part is laid on", is_required=False),
        Column("onto", "integer", "how many positions those are", is_required=False),
        Column("use", "string", "what it was used for", is_required=False),
        Column("place", "string", "where", is_required=False),
    ),
    "ledger_movement",
    ("number", "piece"),
    (
        ("number", "entries", "number"),
        ("out_pool", "pools", "id"),
        ("settled_pool", "pools", "id"),
        ("in_pool", "pools", "id"),
    ),
)
RECORDS = Table(
    "records",
    "The public records themselves, of entries and of everything else.",
    (
        Column("number", "integer", "an entry's record has the entry's number"),
        Column("part", "integer", "from 1: a long one is several records", sql="r.part"),
        Column("index", "integer", "where it stands in the log; empty: not yet", is_required=False),
        Column("id", "string", "what other records call it", sql="replace(id::text, '-', '')"),
        Column(
            "data", "string", "the record: canonical JSON, byte for byte",
            sql="convert_from(data, 'UTF8')",
        ),
    ),
    "journal_record r LEFT JOIN journal_leaf l USING (number, part)",
    ("number", "part"),
)  # fmt: skip
TABLES = (POOLS, ENTRIES, MOVEMENTS, RECORDS)
