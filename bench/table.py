"""A measured number and the table it stands in."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Row:
    """`limit` is what the issue asks for, in the same unit; `beside`: the floor or peer measured
    in the same run, "" where the number is no time."""

    what: str
    value: float
    limit: float
    unit: str
    beside: str = ""

    @property
    def met(self) -> bool:
        return self.value <= self.limit


def as_markdown(name: str, rows: list[Row]) -> str:
    lines = [
        f"# Bench: {name}",
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine()}.",
        "",
        "| What | Measured | At most | Met | Beside, in the same run |",
        "|---|---:|---:|---|---|",
    ]
    lines += [
        f"| {row.what} | {row.value:,.1f} {row.unit} | {row.limit:,.10g} {row.unit} "
        f"| {'yes' if row.met else '**no**'} | {row.beside} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def machine() -> str:
    return (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}"
    )
