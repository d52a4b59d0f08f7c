"""A measure as a sentence: whose books, which days, what of what."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from honghui.record.clause_words import USES, Names
from honghui.record.measures import Flow, Measure
from honghui.record.rules import Language, Words

_FLOWS: dict[Flow, Words] = {
    "received": Words("收到", "received"),
    "shortfall": Words("待补缺口", "shortfalls"),
    "transferred_in": Words("其他红会拨入", "accepted from other societies"),
    "converted_in": Words("购入、换入或装成", "bought, exchanged or packed"),
    "repurposed_in": Words("由其他用途转入", "from other purposes"),
    "used": Words("用去", "used"),
    "returned": Words("退回捐赠人", "given back to givers"),
    "covered": Words("代为垫补", "borne for others"),
    "transferred_out": Words("拨给其他红会", "accepted by other societies"),
    "converted_out": Words("用于购买、兑换或装配", "spent on purchases, exchange or packing"),
    "repurposed_out": Words("转入其他用途", "to other purposes"),
}
_TAKES = {
    "quantity": Words("合计", "the sum"),
    "value": Words("折价合计（分）", "the value in fen"),
    "steps": Words("笔数", "how many times"),
    "recipients": Words("受助人数或户数", "how many people or households"),
}
_SOURCES = {
    "donation": Words("捐赠", "donations"),
    "appropriation": Words("财政拨款", "appropriations"),
    "own": Words("自有资金", "own funds"),
}
_STAGES = {
    "on_hand": Words("在手", "on hand"),
    "reserved": Words("已预留", "reserved"),
    "decided": Words("已决定", "decided"),
    "in_transit": Words("在途", "in transit"),
    "shortfall": Words("缺口", "shortfall"),
}
_HELD = Words("结余", "held")
_BRANCHES = Words(
    "及其下级红会（相互之间的往来已抵销）", "and all below, what passed between them left out"
)


def measure_in_words(measure: Measure, language: Language, *, names: Names | None = None) -> str:
    """One line. Codes stand as they are where `names` does not know them."""
    comma, stop = ("，", "。") if language == "zh" else ("; ", ".")

    def named(kind: str, codes: Iterable[str]) -> str:
        known = [(names(kind, code) if names else None) or code for code in codes]
        return _listed(known, language)

    parts = [_scope(measure, language, named), _window(measure, language)]
    parts += _narrowed(measure, language, named)
    parts += [_flows(measure, language), _TAKES[measure.take].say(language, {})]
    text = comma.join(part for part in parts if part) + stop
    return text[0].upper() + text[1:]


_Named = Callable[[str, Iterable[str]], str]


def _listed(words: Iterable[str], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(words)


def _scope(measure: Measure, language: Language, named: _Named) -> str:
    whose = named("society", measure.societies)
    if not measure.with_branches:
        return whose
    below = _BRANCHES.say(language, {})
    return f"{whose}{below}" if language == "zh" else f"{whose} {below}"


def _window(measure: Measure, language: Language) -> str:
    first, last = measure.first, measure.last
    if language == "zh":
        if first and last:
            return f"{first}至{last}"
        return f"{first}起" if first else f"至{last}" if last else ""
    if first and last:
        return f"from {first} to {last}"
    return f"from {first}" if first else f"until {last}" if last else ""


def _narrowed(measure: Measure, language: Language, named: _Named) -> list[str]:
    def told(table: dict[str, Words], codes: Iterable[str]) -> str:
        return _listed(
            [table[code].say(language, {}) if code in table else code for code in codes], language
        )

    zh = language == "zh"
    rows = [
        ("用途" if zh else "for", named("purpose", measure.purposes)),
        ("来自" if zh else "out of", told(dict(_SOURCES), measure.sources)),
        ("" if zh else "of", named("commodity", measure.commodities)),
        ("物资类别" if zh else "goods of the kinds", named("item", measure.items)),
        ("用于" if zh else "used for", told(USES, measure.uses)),
        ("业务" if zh else "by the acts", named("act", measure.acts)),
        ("阶段" if zh else "at the stages", told(dict(_STAGES), measure.stages)),
        ("地点" if zh else "in", named("place", measure.places)),
    ]
    gap = "" if zh else " "
    return [f"{before}{gap}{what}".strip() for before, what in rows if what]


def _flows(measure: Measure, language: Language) -> str:
    if measure.held:
        return _HELD.say(language, {})
    return _listed([_FLOWS[flow].say(language, {}) for flow in measure.flows], language)
