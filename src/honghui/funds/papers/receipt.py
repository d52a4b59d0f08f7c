"""The receipt: what was given, by which code its road is followed, and how anyone checks the books
without us. It is a voucher (捐赠凭证), not the finance ministry's receipt (公益事业捐赠票据), whose
number it may name.

The log's key stands on it in one line. That is the hard idea: paper in a giver's drawer is a
witness that no later server can rewrite.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from honghui.documents.qr import qr_svg
from honghui.documents.setting import render
from honghui.kernel.amounts import capitals, split_yuan
from honghui.kernel.clock import CHINA

TEMPLATE = Path(__file__).with_name("receipt.typ")

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ReceiptPaper:
    """Every word on the paper, as plain facts; both languages stand on it, Chinese first.

    giver: as they chose to be shown; "" prints 匿名, Anonymous. trace_code: in its groups.
    trace_address, log_address: whole addresses, the second as `honghui audit` takes it.
    log_key: the vkey of the log. official_number: of the 公益事业捐赠票据, "" until it is known.
    issued_at: aware; never the time of printing, or the same receipt would be other bytes.
    """

    number: str
    society: str
    society_english: str
    giver: str
    purpose: str
    purpose_english: str
    amount_fen: int
    occurred_on: date
    channel: str
    channel_english: str
    trace_code: str
    trace_address: str
    log_origin: str
    log_address: str
    log_key: str
    record_id: str
    issued_at: datetime
    official_number: str = ""
    is_sample_world: bool = False
    is_cancelled: bool = False

    @property
    def log_key_fingerprint(self) -> str:
        """SHA-256 of the key's line without its line end, in groups of four, to be read out."""
        return in_groups_of_four(sha256(self.log_key.encode()).hexdigest())


def receipt_pdf(paper: ReceiptPaper) -> bytes:
    """One page of A4, PDF/A-2b; the same paper is the same bytes. About 20 ms.

    Raises CannotRun "documents.…" where typst or the fonts fail, Invalid "amounts.too_large".
    """
    assert paper.amount_fen > 0, "nothing was received"
    yuan, fen = split_yuan(paper.amount_fen)
    issued_at = paper.issued_at.astimezone(CHINA)
    values = {
        "number": paper.number,
        "society": paper.society,
        "society_english": paper.society_english,
        "giver": paper.giver,
        "purpose": paper.purpose,
        "purpose_english": paper.purpose_english,
        "yuan": yuan,
        "fen": fen,
        "capitals": capitals(paper.amount_fen),
        "occurred_on": _day(paper.occurred_on),
        "occurred_on_english": _day_english(paper.occurred_on),
        "channel": paper.channel,
        "channel_english": paper.channel_english,
        "trace_code": paper.trace_code,
        "trace_address": paper.trace_address,
        "qr": qr_svg(paper.trace_address, edge=0),
        "log_origin": paper.log_origin,
        "log_key": paper.log_key,
        "log_key_fingerprint": paper.log_key_fingerprint,
        "log_address": paper.log_address,
        "record_id": paper.record_id,
        "issued_at": f"{issued_at:%Y-%m-%d %H:%M}",
        "official_number": paper.official_number,
        "is_sample_world": paper.is_sample_world,
        "is_cancelled": paper.is_cancelled,
    }
    return render(TEMPLATE, values, made_at=paper.issued_at)


def in_groups_of_four(text: str) -> str:
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def _day(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _day_english(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
