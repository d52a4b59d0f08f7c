"""./dev bench [NAME …]: every number an issue asks for, measured, and kept in bench/results/.

A bench is a module here with `rows() -> list[Row]`. Times of one run compare with each other
only: each stands beside a floor or a peer measured in the same run.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from bench.table import as_markdown, machine

NAMES = [
    *("house", "tlog", "audit", "ledger", "payments", "payment_kills", "trace_page", "rescue"),
    *("answers", "days", "messaging", "sync"),
]
RESULTS = Path(__file__).resolve().parent / "results"


def main() -> None:
    missed = 0
    for name in sys.argv[1:] or NAMES:
        if name not in NAMES:
            sys.exit(f"There is no bench called {name}. These there are: {', '.join(NAMES)}.")
        rows = import_module(f"bench.{name}").rows()
        text = as_markdown(name, rows) + picture(name)
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{name}.md").write_text(text)
        print(text)
        missed += sum(not row.met for row in rows)
    print(machine())
    if missed:
        sys.exit(f"{missed} numbers are not met.")


def picture(name: str) -> str:
    """A bench may leave a plot beside its table."""
    plot = RESULTS / f"{name}.svg"
    return f"\n![What was measured, drawn.]({plot.name})\n" if plot.exists() else ""


if __name__ == "__main__":
    main()
