from __future__ import annotations

from collections import defaultdict

from honghui.audit.balance import unbalanced
from honghui.audit.statements import Account, Line, Totals

LINE = Line("general", "donation", "CNY")


def totals(came: int, went: int) -> Totals:
    found: Totals = defaultdict(dict)
    found["330600"][LINE] = Account(came, went)
    return found


def test_books_that_agree_are_balanced() -> None:
    assert not list(unbalanced(totals(10, 4), {("330600", LINE): 6}))
    assert not list(unbalanced(totals(4, 4), {}))


def test_one_fen_between_the_two_halves_is_found_whichever_has_it() -> None:
    for held in ({("330600", LINE): 5}, {("330600", LINE): 7}, {}, {("330100", LINE): 6}):
        found = list(unbalanced(totals(10, 4), held))
        assert found
        assert all(one.rule == "pool.unbalanced" and one.index == -1 for one in found)
        assert "330600/general/donation/CNY" in found[-1].say("zh")
