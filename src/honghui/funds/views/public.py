"""Funds, for everybody: what they received, what became of it, and the same as files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from honghui.funds.queries.public import decisions, every_gift, fund_list, fund_page, fund_sums

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    return render(request, "funds/public/list.html", {"page": fund_list()})


@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "funds/public/fund.html", {"page": fund_page(code)})


@require_safe
def gifts(request: HttpRequest, code: str) -> StreamingHttpResponse:
    """Every gift that the log shows: a line for each."""
    fund, sums = fund_sums(code)
    head = [_("Day"), _("Amount, yuan"), _("Shown as"), _("Record")]
    rows = (
        [gift.occurred_on.isoformat(), _yuan(gift.amount_fen), gift.shown_as, gift.record]
        for gift in every_gift(fund, sums.as_of)
    )
    return _csv(f"{fund.code}-gifts-{sums.as_of}.csv", head, rows)


@require_safe
def payments(request: HttpRequest, code: str) -> StreamingHttpResponse:
    """Every payment that the log shows, with its decision; never to whom."""
    fund, sums = fund_sums(code)
    head = [
        _("Day"), _("Amount, yuan"), _("What for"), _("Record"), _("Decision"),
        _("Decided on"), _("Decided, yuan"), _("Record of the decision"),
    ]  # fmt: skip
    rows = (
        [
            paid.payment.paid_on, _yuan(paid.payment.amount_fen), paid.title, paid.record,
            decided.title, decided.proposal.decided_on, _yuan(decided.proposal.amount_fen),
            decided.record,
        ]
        for decided in decisions(fund, sums.as_of)
        for paid in decided.payments
    )  # fmt: skip
    return _csv(f"{fund.code}-payments-{sums.as_of}.csv", head, rows)


class _Line:
    """What csv writes to: hands each line on."""

    def write(self, line: str) -> str:
        return line


def _csv(name: str, head: list[str], rows: Iterable[list[Any]]) -> StreamingHttpResponse:
    """UTF-8 with a mark in front, or a Chinese spreadsheet program reads it as something else."""
    writer = csv.writer(_Line())

    def lines() -> Iterator[str]:
        yield "\ufeff" + writer.writerow(head)
        for row in rows:
            yield writer.writerow([_harmless(cell) for cell in row])

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _harmless(cell: Any) -> Any:
    """A name that a spreadsheet would take for a formula is only a text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _yuan(amount_fen: int) -> str:
    """ "1234.50": for programs, without commas."""
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}{abs(amount_fen) // 100}.{abs(amount_fen) % 100:02d}"
