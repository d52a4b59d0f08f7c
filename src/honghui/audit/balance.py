"""Receipts = uses + held: what the amounts say is left, and what the pools hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from honghui.audit.findings import Finding
from honghui.audit.statements import Account, Line, Totals


def unbalanced(totals: Totals, held: Mapping[tuple[str, Line], int]) -> Iterator[Finding]:
    """Two passes that know nothing of each other must say the same of every line of the books."""
    due = {
        (society, line): account
        for society, lines in totals.items()
        for line, account in lines.items()
    }
    nothing = Account()
    for key in sorted(due.keys() | held.keys()):
        account, left = due.get(key, nothing), held.get(key, 0)
        if account.held != left:
            society, line = key
            facts = {
                "books": "/".join((society, *line)),
                "came": account.came,
                "went": account.went,
                "due": account.held,
                "held": left,
            }
            yield Finding(-1, "pool.unbalanced", facts)
