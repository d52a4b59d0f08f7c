"""The trace page: one gift's road to the fen, as of any record, in both languages."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from honghui.funds.actions.donations import withdraw_name
from honghui.funds.codes import in_groups
from honghui.funds.models import Donation, Fund
from honghui.journal.models import LogState
from honghui.ledger.placing import begin_epoch, place_all
from honghui.processes import tracing
from honghui.processes.tracing import trace
from tests.processes.giving import NAME, PAYEE, REASON, decide, give, give_back, pay, publish
from tests.registry.samples import actor

QUERIES_MOST = 12


def text_of(client: Client, gift: Donation, *, english: bool = False, query: str = "") -> str:
    """The page's words, without its markup."""
    prefix = "/en" if english else ""
    answer = client.get(f"{prefix}/trace/{in_groups(gift.code)}/{query}")
    assert answer.status_code == 200
    body = re.sub(r"<template.*?</template>", "", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body))


def test_the_road_is_told_to_the_fen_and_adds_up(client: Client, fund: Fund) -> None:
    give(fund, 2_00)
    gift = give(fund, 50_00)
    publish()
    first = decide(fund, 30_00, "慰问品，第一批", "Gifts of thanks, first batch")
    pay(first, 20_40, "毛巾", "Towels")
    decide(fund, 10_00, "致敬状", "Letters of thanks")
    publish()
    told = trace(gift)
    assert told.placed is not None
    assert [(step.kind, step.units) for step in told.placed.road.steps] == [
        ("decided", 28_00), ("used", 18_40), ("decided", 10_00),
    ]  # fmt: skip
    assert all(step.balance.total == 50_00 for step in told.placed.road.steps)
    assert (told.balance["used"], told.balance["decided"], told.balance["undecided"]) == (
        18_40, 19_60, 12_00,
    )  # fmt: skip
    chinese, english = text_of(client, gift), text_of(client, gift, english=True)
    assert "你的50元，已用18.40元，还有31.60元在账上" in chinese
    assert "Your 50 yuan: 18.40 used, 31.60 still in the account" in english
    for word in ("毛巾", "−18.40", "剩31.60", "2.00–52.00", "这笔付款共20.40元"):
        assert word in chinese, word
    assert "Towels" in english and "Letters of thanks" in english


def test_as_of_an_earlier_record_it_tells_what_was_known_then(client: Client, fund: Fund) -> None:
    gift = give(fund, 50_00)
    publish()
    before = LogState.objects.get().published
    pay(decide(fund, 30_00, "慰问品"), 30_00, "毛巾")
    publish()
    assert "你的50元，已用30元" in text_of(client, gift)
    then = text_of(client, gift, query=f"?as_of={before}")
    assert "你的50元，都还在账上" in then and "毛巾" not in then and "看现在的样子" in then
    too_early = text_of(client, gift, query="?as_of=1")
    assert "你的50元，那时还没有入账" in too_early and "再看一次" not in too_early
    for wrong in (str(LogState.objects.get().published + 1), "0", "-1", "x", "9" * 30, "１"):
        assert client.get(f"/trace/{gift.code}/?as_of={wrong}").status_code == 422, wrong


def test_a_gift_waits_calmly_for_its_place_and_then_for_the_log(client: Client, fund: Fund) -> None:
    gift = give(fund, 50_00)
    for place in (lambda: None, lambda: place_all(begin_epoch())):
        place()
        told = text_of(client, gift)
        assert "你的50元已经记下，正在进公开账本" in told and "再看一次" in told
        assert client.get(f"/trace/{gift.code}/proof").status_code == 404
        assert client.get(f"/trace/{gift.code}/record").status_code == 404
    publish()
    assert "你的50元，都还在账上" in text_of(client, gift)


def test_what_lies_before_an_undecided_gift_is_said(client: Client, fund: Fund) -> None:
    give(fund, 20_00)
    gift = give(fund, 50_00)
    publish()
    decide(fund, 5_00, "慰问品")
    publish()
    assert "前面有1笔捐款。排在前面的钱里，还有15.00元没有定下用处。" in text_of(client, gift)
    decide(fund, 15_00, "慰问品")
    publish()
    assert "下一次决定，就会用到它。" in text_of(client, gift)


def test_a_refund_is_told_and_does_not_bend_the_rest(client: Client, fund: Fund) -> None:
    gift, other = give(fund, 50_00), give(fund, 20_00)
    publish()
    pay(decide(fund, 10_00, "慰问品"), 10_00, "毛巾")
    publish()
    give_back(gift, 15_00)
    give_back(other, 20_00)
    publish()
    told = text_of(client, gift)
    assert "你的50元，已用10元，退回15元，还有25元在账上" in told
    assert REASON not in told
    assert "你的20元，已经全部退回" in text_of(client, other)


@pytest.mark.parametrize("count", [1, 40])
def test_it_asks_at_most_twelve_questions_however_long_the_road(
    client: Client, fund: Fund, count: int
) -> None:
    gift = give(fund, 100_00)
    publish()
    for number in range(count):
        pay(decide(fund, 2_00, f"慰问品{number}"), 2_00, f"毛巾{number}")
    decide(fund, 1_00, "慰问")
    publish()
    with CaptureQueriesContext(connection) as queries:
        told = text_of(client, gift)
    assert "毛巾0" in told
    assert len(queries) <= QUERIES_MOST, [query["sql"] for query in queries]


def test_a_very_long_road_is_shortened_and_still_adds_up(
    client: Client, fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "STEPS_MOST", 8)
    monkeypatch.setattr(tracing, "STEPS_AT_THE_END", 3)
    gift = give(fund, 100_00)
    publish()
    for number in range(10):
        pay(decide(fund, 2_00, f"慰问品{number}"), 2_00, f"毛巾{number}")
    publish()
    told = trace(gift)
    assert told.placed is not None
    steps = told.placed.road.steps
    assert len(steps) == 8 and steps[-1].balance["used"] == 20_00
    (many,) = (step for step in steps if step.kind == "many")
    assert many.units + len(steps) - 1 == 20
    assert f"中间另有{many.units}步" in text_of(client, gift)


def test_nothing_of_anybodys_person_is_on_the_page_or_in_its_files(
    client: Client, fund: Fund
) -> None:
    """A hostile reader has the code, and looks at every byte."""
    gift = give(fund, 50_00, shown_as="路过的人")
    publish()
    payment = pay(decide(fund, 30_00, "慰问品"), 30_00, "毛巾")
    publish()
    for path in ("", "?as_of=1", "proof", "record"):
        for prefix in ("", "/en"):
            answer = client.get(f"{prefix}/trace/{in_groups(gift.code)}/{path}")
            assert answer.status_code == 200
            whole = answer.content.decode() + str(answer.serialize_headers())
            for secret in (NAME, PAYEE, REASON, str(gift.pk), str(payment.pk), "finance"):
                assert secret not in whole, (path, secret)
            if path:
                continue
            assert "路过的人" in whole
    assert gift.code not in client.get(f"/trace/{gift.code}/record").content.decode()
    withdraw_name(by=actor("finance"), donation=gift)
    assert "路过的人" not in client.get(f"/trace/{gift.code}/").content.decode()


def test_the_address_is_a_secret_and_nobody_keeps_the_answer(client: Client, fund: Fund) -> None:
    gift = give(fund, 50_00)
    publish()
    for path in ("", "proof", "record"):
        headers = client.get(f"/trace/{gift.code}/{path}").headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]
        assert gift.code not in headers.get("Content-Disposition", "")
        assert in_groups(gift.code) not in headers.get("Content-Disposition", "")
