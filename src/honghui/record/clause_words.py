"""A clause as a sentence, as an officer would write it into an agreement."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from honghui.record.clauses import (
    Approvers,
    AttestedText,
    Cap,
    Clause,
    Dates,
    Decision,
    Items,
    Limit,
    Places,
    Uses,
)
from honghui.record.rules import Language, Words

# What a code stands for, by kind (place, item, body, use); None: nobody knows.
Names = Callable[[str, str], str | None]
# The words behind a hash; None: withdrawn, or not at hand.
Texts = Callable[[str], str | None]

USES: dict[str, Words] = {
    "relief": Words("救助", "relief"),
    "grant": Words("资助", "grants"),
    "award": Words("慰问奖励", "thanks and awards"),
    "training": Words("培训", "training"),
    "rescue": Words("救援", "rescue"),
    "transport": Words("运输", "transport"),
    "purchase": Words("采购", "purchases"),
    "fee": Words("手续费", "fees"),
    "overhead": Words("管理费", "overhead"),
    "loss": Words("损失", "losses"),
    "exchange": Words("汇兑差额", "exchange differences"),
    "stocktake": Words("盘点差异", "differences in stocktaking"),
    "cover": Words("垫补", "bearing others' losses"),
}


def clause_in_words(
    clause: Clause, language: Language, *, names: Names | None = None, text: Texts | None = None
) -> str:
    """One whole sentence. Codes stand as they are where `names` does not know them."""
    return _SENTENCES[type(clause)](clause, _Speaker(language, names, text))


class _Speaker:
    def __init__(self, language: Language, names: Names | None, text: Texts | None) -> None:
        self.zh = language == "zh"
        self._language = language
        self._names = names
        self._text = text

    def name(self, kind: str, code: str) -> str:
        return (self._names(kind, code) if self._names else None) or code

    def list(self, kind: str, codes: Iterable[str]) -> str:
        names = [self.name(kind, code) for code in codes]
        return "、".join(names) if self.zh else ", ".join(names)

    def uses(self, codes: Iterable[str]) -> str:
        known = [self._use(code) for code in codes]
        return "、".join(known) if self.zh else ", ".join(known)

    def _use(self, code: str) -> str:
        words = USES.get(code)
        return words.say(self._language, {}) if words else self.name("use", code)

    def money(self, currency: str, hundredths: int) -> str:
        amount = f"{hundredths // 100:,}"
        if hundredths % 100:
            amount += f".{hundredths % 100:02d}"
        if currency != "CNY":
            return f"{currency} {amount}"
        return f"{amount}元" if self.zh else f"{amount} yuan"

    def text(self, hash_: str) -> str:
        known = self._text(hash_) if self._text else None
        if known is not None:
            return known
        return f"（文本 {hash_[:8]}…）" if self.zh else f"(text {hash_[:8]}…)"


def _percent(share_bp: int) -> str:
    whole, rest = divmod(share_bp, 100)
    return f"{whole}.{rest:02d}".rstrip("0") + "%" if rest else f"{whole}%"


def _uses(clause: Uses, say: _Speaker) -> str:
    uses = say.uses(clause.only)
    return f"只用于{uses}。" if say.zh else f"Only for {uses}."


def _places(clause: Places, say: _Speaker) -> str:
    places = say.list("place", clause.within)
    return f"只在{places}使用。" if say.zh else f"Only in {places}."


def _items(clause: Items, say: _Speaker) -> str:
    kinds = say.list("item", clause.kinds)
    return f"物资只限{kinds}。" if say.zh else f"Goods only of these kinds: {kinds}."


def _dates(clause: Dates, say: _Speaker) -> str:
    first, last = clause.first, clause.last
    if say.zh:
        verb = "接收" if clause.what == "received" else "使用"
        if first and last:
            return f"只在{_day(first)}至{_day(last)}{verb}。"
        return f"{_day(first)}起{verb}。" if first else f"{verb}至{_day(last)}为止。"
    verb = "Received" if clause.what == "received" else "Used"
    if first and last:
        return f"{verb} only from {first} to {last}."
    return f"{verb} only from {first}." if first else f"{verb} only until {last}."


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "任何一日"


def _cap(clause: Cap, say: _Speaker) -> str:
    uses, share = say.uses(clause.uses), _percent(clause.share_bp)
    together = len(clause.uses) > 1
    if say.zh:
        return f"{uses}{'合计' if together else ''}不超过所收款项的{share}。"
    return f"At most {share} of the money received goes to {uses}{' together' * together}."


def _limit(clause: Limit, say: _Speaker) -> str:
    money = say.money(clause.currency, clause.quantity)
    return f"每笔不超过{money}。" if say.zh else f"At most {money} at a time."


def _decision(clause: Decision, say: _Speaker) -> str:
    money = say.money(clause.currency, clause.above)
    body = say.name("body", clause.body) if clause.body else None
    if say.zh:
        by = f"须由{body}决定" if body else "须有决定"
        what = f"超过{money}的" if clause.above else "每一笔都"
        return f"{what}{by}，至少{clause.approvers}人批准。"
    by = f"by decision of {body}" if body else "by decision"
    people = "approver" if clause.approvers == 1 else "approvers"
    what = f"Above {money}" if clause.above else "Every use"
    return f"{what}: only {by}, with at least {clause.approvers} {people}."


def _approvers(clause: Approvers, say: _Speaker) -> str:
    if say.zh:
        return f"每笔至少{clause.at_least}人批准，申请人不算在内。"
    people = "person approves" if clause.at_least == 1 else "people approve"
    return f"At least {clause.at_least} {people} each use, besides the one who asks."


def _attested(clause: AttestedText, say: _Speaker) -> str:
    text = say.text(clause.text)
    return f"人工确认：{text}" if say.zh else f"Attested by a person: {text}"


_SENTENCES: dict[type[Clause], Callable[[Any, _Speaker], str]] = {
    Uses: _uses,
    Places: _places,
    Items: _items,
    Dates: _dates,
    Cap: _cap,
    Limit: _limit,
    Decision: _decision,
    Approvers: _approvers,
    AttestedText: _attested,
}
