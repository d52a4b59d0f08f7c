"""What is checked of a bulletin before anybody may publish it: pure, over its own bytes.

That its figures are those of the books is the one check that needs the books: it is made when the
figures are counted and once more when they are published (actions/bulletins.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from honghui.disclosure import rules
from honghui.disclosure.contents import Content
from honghui.disclosure.refusals import refuse
from honghui.disclosure.saying import amount_text, figure_label
from honghui.kernel.errors import Refused
from honghui.record.statements import Figure, Sum


@dataclass(frozen=True)
class Checked:
    """`kind`: what was checked, of `count` things; `wrong`: the refusals that stand against it."""

    kind: str
    count: int
    wrong: tuple[Refused, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.wrong


def check(content: Content, *, texts: tuple[str, ...], waiting: int) -> list[Checked]:
    """Every check, whether it holds or not."""
    figures = content.by_name()
    balances = [one for one in content.sums if one.total.endswith(".came-ever")]
    balances = [one for one in balances if _is_of_one(one)]
    totals = [one for one in content.sums if one not in balances]
    text = "\n".join(texts)
    numbers = len(rules.numbers_in(text))
    unknown = rules.unknown_numbers(text, content.figures)
    return [
        Checked("balance", _balanced(balances), tuple(_wrong_sums(balances, figures))),
        Checked("totals", len(totals), tuple(_wrong_sums(totals, figures))),
        Checked("units", len(content.sums), tuple(_mixed(content, figures))),
        Checked("queue", 0, (refuse("bulletin.waiting", count=waiting),) if waiting else ()),
        Checked("text", numbers, tuple(refuse("bulletin.text", number=one) for one in unknown)),
    ]


def require(checked: list[Checked]) -> None:
    """Raises the first refusal there is."""
    for one in checked:
        for refusal in one.wrong:
            raise refusal


def require_same(stated: Content, computed: Content, as_of: int) -> None:
    """Refuses figures that the books do not give: which one, and by how much."""
    if stated == computed:
        return
    now = computed.by_name()
    for figure in stated.figures:
        other = now.get(figure.name)
        if other is None or other.value == figure.value:
            continue
        raise refuse(
            "bulletin.figure",
            name=figure_label(figure),
            stated=amount_text(figure.value, figure.unit),
            computed=amount_text(other.value, other.unit),
            difference=amount_text(abs(figure.value - other.value), figure.unit),
            as_of=as_of,
        )
    raise refuse("bulletin.figures-changed", as_of=as_of)


def _is_of_one(one: Sum) -> bool:
    """A balance adds up figures of the same purposes, a total those of several."""
    before = one.total.rpartition(".")[0]
    return all(name.startswith(f"{before}.") and name.count(".") == one.total.count(".")
               for name in one.of)  # fmt: skip


def _balanced(balances: list[Sum]) -> int:
    return len({one.total for one in balances})


def _wrong_sums(sums: list[Sum], figures: dict[str, Figure]) -> Iterator[Refused]:
    for one in sums:
        total = figures.get(one.total)
        parts = [figures.get(name) for name in one.of]
        if total is None or None in parts:
            yield refuse("bulletin.units", name=one.total)
            continue
        computed = sum(part.value for part in parts if part)
        if computed != total.value:
            yield refuse(
                "bulletin.sum",
                name=figure_label(total),
                stated=amount_text(total.value, total.unit),
                computed=amount_text(computed, total.unit),
                difference=amount_text(abs(total.value - computed), total.unit),
            )


def _mixed(content: Content, figures: dict[str, Figure]) -> Iterator[Refused]:
    for one in content.sums:
        units = {figures[name].unit for name in (one.total, *one.of) if name in figures}
        if len(units) > 1:
            yield refuse("bulletin.units", name=one.total)
