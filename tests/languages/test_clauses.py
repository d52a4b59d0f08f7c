from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from honghui.record.clause_words import clause_in_words
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
from honghui.record.judging import APPLIES, Spending, compile_clauses, judge, narrows
from tests.languages.sample import DAYS, MAP, PLACES, Purse, clauses, purses, spendings

USE = Spending(
    act="use", use="relief", commodity="CNY", quantity=50, item=None, place="330602",
    occurred_on=DAYS[2], approvers=1, decision=None, attested=frozenset(),
)  # fmt: skip


def kept(clause: Clause, purse: Purse | None = None, **changes: Any) -> bool:
    verdict = judge(
        compile_clauses([clause]),
        USE._replace(**changes),
        money=purse or Purse(1000, {}),
        lookups=MAP,
    )
    return not verdict.broken and not verdict.unattested


def test_a_county_is_within_its_city_and_not_the_other_way() -> None:
    assert kept(Places(within=("330600",)), place="330602")
    assert kept(Places(within=("330000",)), place="330602")
    assert not kept(Places(within=("330602",)), place="330600")
    assert not kept(Places(within=("330100",)), place="330602")
    assert not kept(Places(within=("330600",)), place=None)
    assert not kept(Places(within=("330600",)), place="nowhere")


def test_kinds_of_goods_widen_upward_and_money_is_no_goods() -> None:
    assert kept(Items(kinds=("bedding",)), item="blanket")
    assert not kept(Items(kinds=("bedding",)), item="torch")
    assert kept(Items(kinds=("bedding",)), item=None)


def test_a_cap_holds_to_the_fen() -> None:
    cap = Cap(uses=("overhead", "fee"), share_bp=333)
    assert kept(cap, Purse(10_000, {"overhead": 300, "fee": 33}), use="fee")
    assert not kept(cap, Purse(10_000, {"overhead": 300, "fee": 34}), use="fee")
    assert kept(cap, Purse(0, {"overhead": 9}), use="relief"), "no question of another use"


def test_limits_thresholds_and_days_hold_at_their_edge() -> None:
    assert kept(Limit(currency="CNY", quantity=50))
    assert not kept(Limit(currency="CNY", quantity=49))
    assert kept(Limit(currency="USD", quantity=49))
    threshold = Decision(currency="CNY", above=50, approvers=2, body="committee")
    assert kept(threshold)
    assert not kept(threshold, quantity=51)
    assert kept(threshold, quantity=51, decision=("committee", 2))
    assert not kept(threshold, quantity=51, decision=("committee", 1))
    assert not kept(threshold, quantity=51, decision=("council", 2))
    window = Dates(what="used", first=DAYS[1], last=DAYS[3])
    assert [kept(window, occurred_on=day) for day in DAYS[:5]] == [False, True, True, True, False]
    assert kept(Dates(what="received", first=DAYS[5]))
    assert not kept(Dates(what="received", first=DAYS[5]), act="gift")


def test_people_are_counted() -> None:
    assert kept(Approvers(at_least=2), approvers=2)
    assert not kept(Approvers(at_least=2), approvers=1)
    assert kept(AttestedText(text="a" * 64), attested=frozenset({1}))
    assert not kept(AttestedText(text="a" * 64), attested=frozenset({2}))


def test_overhead_needs_a_cap_that_names_it() -> None:
    for some, uncapped in (
        ([], True),
        ([Cap(uses=("fee",), share_bp=10_000)], True),
        ([Cap(uses=("overhead",), share_bp=10_000)], False),
    ):
        one = USE._replace(use="overhead")
        verdict = judge(compile_clauses(some), one, money=Purse(1, {}), lookups=MAP)
        assert verdict.uncapped is uncapped


def naive(clause: Clause, one: Spending, purse: Purse) -> bool | None:
    """The meaning of each clause, said again in another way."""
    if type(clause) not in APPLIES.get(one.act, ()):
        return None
    around = set(MAP.places_around(one.place or ""))
    kinds = set(MAP.kinds_of(one.item or ""))
    money = one.commodity in ("CNY", "USD")
    match clause:
        case Uses():
            return one.use in set(clause.only)
        case Places():
            return not around.isdisjoint(clause.within)
        case Items():
            return None if one.item is None else not kinds.isdisjoint(clause.kinds)
        case Dates():
            if (clause.what == "received") is not (one.act in ("gift", "appropriation")):
                return None
            return (clause.first or date.min) <= one.occurred_on <= (clause.last or date.max)
        case Cap():
            if not money or one.use not in clause.uses:
                return None
            used = sum(purse.used("", use) for use in clause.uses)
            return used / 1 * 10_000 <= clause.share_bp * purse.received("")
        case Limit():
            return one.quantity <= clause.quantity if one.commodity == clause.currency else None
        case Decision():
            if one.commodity != clause.currency or one.quantity <= clause.above:
                return None
            body, number = one.decision or ("", 0)
            return number >= clause.approvers and (clause.body or body) == body
        case Approvers():
            return one.approvers >= clause.at_least
        case _:
            return None


@settings(max_examples=400)
@given(some=st.lists(clauses, max_size=6), one=spendings, purse=purses)
def test_a_verdict_is_what_the_clauses_mean(
    some: list[Clause], one: Spending, purse: Purse
) -> None:
    verdict = judge(compile_clauses(some), one, money=purse, lookups=MAP)
    answers = [naive(clause, one, purse) for clause in some]
    assert [number for number, _clause in verdict.broken] == [
        number for number, answer in enumerate(answers, 1) if answer is False
    ]
    assert verdict.proven == sum(answer is True for answer in answers)
    vouched = [
        number
        for number, clause in enumerate(some, 1)
        if isinstance(clause, AttestedText) and AttestedText in APPLIES.get(one.act, ())
    ]
    assert verdict.unattested == tuple(n for n in vouched if n not in one.attested)
    assert verdict.attested == len(vouched) - len(verdict.unattested)


@settings(max_examples=1000)
@given(
    new=st.lists(clauses, max_size=4),
    old=st.lists(clauses, max_size=3),
    one=spendings,
    purse=purses,
)
def test_a_narrower_purpose_allows_nothing_that_the_wider_forbids(
    new: list[Clause], old: list[Clause], one: Spending, purse: Purse
) -> None:
    new = [*old, *new] if len(new) % 2 else new
    assume(narrows(new, old, MAP) is None)
    passes = judge(compile_clauses(new), one, money=purse, lookups=MAP).kept
    before = judge(compile_clauses(old), one, money=purse, lookups=MAP)
    if passes:
        assert not before.broken
        assert not before.uncapped


@given(some=st.lists(clauses, max_size=5), more=st.lists(clauses, max_size=3))
def test_more_of_the_same_is_narrower_and_less_is_not(
    some: list[Clause], more: list[Clause]
) -> None:
    assert narrows(some, some, MAP) is None
    if not any(isinstance(one, Cap) for one in more):
        assert narrows([*some, *more], some, MAP) is None


def test_what_is_tighter_is_narrower() -> None:
    for new, old in (
        (Uses(only=("relief",)), Uses(only=("relief", "award"))),
        (Places(within=("330602",)), Places(within=("330600",))),
        (Items(kinds=("blanket", "torch")), Items(kinds=("goods",))),
        (Dates(what="used", first=DAYS[2], last=DAYS[3]), Dates(what="used", last=DAYS[4])),
        (Cap(uses=("fee", "overhead"), share_bp=5), Cap(uses=("overhead",), share_bp=6)),
        (Limit(currency="CNY", quantity=5), Limit(currency="CNY", quantity=6)),
        (Approvers(at_least=3), Approvers(at_least=2)),
    ):
        assert narrows([new], [old], MAP) is None
        assert narrows([old], [new], MAP) == 1


SENTENCES = [
    (
        Uses(only=("award", "relief")),
        "只用于慰问奖励、救助。",
        "Only for thanks and awards, relief.",
    ),
    (Places(within=("330600", "330100")), "只在绍兴市、330100使用。", "Only in Shaoxing, 330100."),
    (Items(kinds=("tent",)), "物资只限tent。", "Goods only of these kinds: tent."),
    (
        Dates(what="used", first=DAYS[0], last=DAYS[1]),
        "只在2020年6月1日至2020年6月2日使用。",
        "Used only from 2020-06-01 to 2020-06-02.",
    ),
    (
        Dates(what="received", last=DAYS[0]),
        "接收至2020年6月1日为止。",
        "Received only until 2020-06-01.",
    ),
    (
        Cap(uses=("overhead", "fee"), share_bp=550),
        "管理费、手续费合计不超过所收款项的5.5%。",
        "At most 5.5% of the money received goes to overhead, fees together.",
    ),
    (
        Cap(uses=("overhead",), share_bp=0),
        "管理费不超过所收款项的0%。",
        "At most 0% of the money received goes to overhead.",
    ),
    (
        Limit(currency="CNY", quantity=2_000_050),
        "每笔不超过20,000.50元。",
        "At most 20,000.50 yuan at a time.",
    ),
    (
        Decision(currency="CNY", above=1_000_000, approvers=2, body="committee"),
        "超过10,000元的须由committee决定，至少2人批准。",
        "Above 10,000 yuan: only by decision of committee, with at least 2 approvers.",
    ),
    (
        Approvers(at_least=1),
        "每笔至少1人批准，申请人不算在内。",
        "At least 1 person approves each use, besides the one who asks.",
    ),
    (
        AttestedText(text="a" * 64),
        "人工确认：对象确有困难。",
        "Attested by a person: 对象确有困难。",
    ),
]


@pytest.mark.parametrize(("clause", "zh", "en"), SENTENCES)
def test_a_clause_is_a_sentence(clause: Clause, zh: str, en: str) -> None:
    def names(language: str) -> Any:
        known = {"zh": {"330600": "绍兴市"}, "en": {"330600": "Shaoxing"}}[language]
        return lambda _kind, code: known.get(code)

    def text(_hash: str) -> str:
        return "对象确有困难。"

    assert clause_in_words(clause, "zh", names=names("zh"), text=text) == zh
    assert clause_in_words(clause, "en", names=names("en"), text=text) == en


@given(clause=clauses)
def test_every_clause_has_a_sentence_in_both_languages(clause: Clause) -> None:
    zh, en = clause_in_words(clause, "zh"), clause_in_words(clause, "en")
    assert zh[-1] in "。）"
    assert zh != en
    assert set(PLACES) >= {code for code in PLACES if code in zh}
