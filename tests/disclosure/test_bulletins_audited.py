"""What a bulletin says of any society, over any days, as of any record, the audit computes again
from the log alone, its balances and totals too; and it finds every figure that is one off."""

from __future__ import annotations

import random
from datetime import date

import pytest
from msgspec.structs import replace

from honghui.audit.auditing import audit_records
from honghui.disclosure.checks import check, require_same
from honghui.disclosure.contents import Content, as_bytes, content_of
from honghui.disclosure.figuring import content_for
from honghui.disclosure.tables import tables
from honghui.kernel.errors import Refused
from honghui.ledger.measuring import measured
from honghui.record.entries import Entry
from honghui.record.schemas import encode, reread
from honghui.record.statements import Bulletin
from tests.audit.bookkeeper import APPROVES, ASKS, AT, SOCIETIES
from tests.audit.societies import random_society
from tests.ledger import books

WINDOWS = (
    (date(2020, 1, 1), date(2020, 6, 20)),
    (date(2020, 6, 17), date(2020, 6, 19)),
    (date(2020, 6, 19), date(2020, 6, 19)),
    (date(2020, 6, 20), date(2020, 6, 20)),
)


def bulletin(number: int, society: str, as_of: int, content: Content) -> Bulletin:
    return Bulletin(
        id=f"{number:032x}", recorded_at=AT, society=society, published_on=date(2020, 6, 20),
        as_of=as_of, figures=content.figures, sums=content.sums,
        requested_by=ASKS, approved_by=(APPROVES,),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_the_audit_computes_every_figure_sum_and_balance_again(
    committed_empty: str, seed: int
) -> None:
    books.keep(random_society(seed, 300).records)
    log = books.log()
    whole = [at for at, one in enumerate(map(reread, log))
             if not (isinstance(one, Entry) and one.part > 1)]  # fmt: skip
    stated, figures = [], 0
    for society in SOCIETIES:
        for first, last in WINDOWS:
            for as_of in (whole[len(whole) * 2 // 3], len(log)):
                content = content_for(measured(society, first, last, as_of=as_of))
                assert content_of(as_bytes(content)) == content
                assert all(one.holds for one in check(content, texts=(), waiting=0))
                shown = tables(content, frozenset(), {})
                assert all(table.agrees for table in shown.money)
                assert all(row.agrees for row in shown.goods)
                stated.append(bulletin(len(stated), society, as_of, content))
                figures += len(content.figures)
    report = audit_records([*log, *map(encode, stated)])
    assert not report.findings
    assert figures > 500
    assert any(table for table in tables(content, frozenset(), {}).goods)
    chance = random.Random(seed)
    for number, one in enumerate(chance.sample(stated, 6)):
        _check_found(log, one, chance, number)


def _check_found(log: list[bytes], one: Bulletin, chance: random.Random, number: int) -> None:
    """One figure is a fen, or a piece, too much: both ways of looking say so."""
    at = chance.randrange(len(one.figures))
    wrong = replace(one.figures[at], value=one.figures[at].value + 1)
    figures = (*one.figures[:at], wrong, *one.figures[at + 1 :])
    report = audit_records([*log, encode(replace(one, figures=figures, id=f"{number:032x}"))])
    assert any(finding.rule == "bulletin.figure" for finding in report.findings)
    honest = Content(figures=one.figures, sums=one.sums)
    with pytest.raises(Refused) as refused:
        require_same(Content(figures=figures, sums=one.sums), honest, one.as_of)
    assert refused.value.code == "disclosure.bulletin.figure"
