"""Funds, as everybody sees them: sums that add up, as of one record, and nobody given away."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from honghui.funds.actions.donations import withdraw_name
from honghui.funds.actions.refunds import approve_refund, ask_refund
from honghui.funds.actions.spending import approve_payment, approve_proposal, ask_payment
from honghui.funds.models import Donation, Fund
from honghui.funds.queries.sums import Sums, sums_of
from honghui.journal.models import LogState
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.ledger.placing import begin_epoch, place_all
from honghui.registry.models import Society
from tests.access.money import fund_of, proposed, proposed_fund, received

pytestmark = pytest.mark.django_db

As = Callable[..., Actor]
NAME, PAYEE = "独一无二的捐款人", "样例收款人甲"
PUBLIC_MAX = 12
FIRST_LOAD_BYTES_MAX = 100_000


def published() -> None:
    """Everything that waits stands in the log, and the world sees it."""
    place_all(begin_epoch())
    LogState.objects.update(published=F("size"))


@pytest.fixture
def finance(as_actor: As) -> Actor:
    return as_actor("finance")


@pytest.fixture
def officer(as_actor: As) -> Actor:
    return as_actor("officer")


@pytest.fixture
def fund(finance: Actor, officer: Actor) -> Fund:
    return fund_of(finance, officer, Society.objects.get(pk="330600"), "sample-fund")


@pytest.fixture
def told(fund: Fund, finance: Actor, officer: Actor) -> Fund:
    """A fund with 300.50 yuan: 100 decided, of which 60 are paid, and 20 given back."""
    received(finance, fund, 200_50, giver=NAME)
    received(finance, fund, 80_00, showing="alias", shown_as="=1+1<script>")
    bounced = received(finance, fund, 20_00)
    published()
    proposal = approve_proposal(by=officer, proposal=proposed(finance, fund, 100_00))
    payment = ask_payment(
        by=finance, proposal=proposal, amount_fen=60_00, payee=PAYEE, title="慰问品"
    )
    approve_payment(by=officer, payment=payment)
    asked = ask_refund(by=finance, donation=bounced, amount_fen=20_00, reason="样例：多付了。")
    approve_refund(by=officer, refund=asked)
    published()
    return fund


def sums(fund: Fund) -> Sums:
    return sums_of([fund]).of(fund)


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def rows(client: Client, path: str) -> list[list[str]]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(body)))


def test_what_came_is_the_sum_of_what_became_of_it(told: Fund) -> None:
    found = sums(told)
    assert found == Sums(received=300_50, used=60_00, decided=40_00, held=180_50, returned=20_00)
    assert found.difference == 0


def test_sums_tell_of_what_the_log_shows_and_of_nothing_later(
    told: Fund, finance: Actor, officer: Actor
) -> None:
    before, as_of = sums(told), sums_of([told]).as_of
    received(finance, told, 7_00)
    approve_proposal(by=officer, proposal=proposed(finance, told, 30_00))
    assert sums(told) == before
    place_all(begin_epoch())
    assert (sums(told), sums_of([told]).as_of) == (before, as_of)
    published()
    after = sums(told)
    assert (after.received, after.decided, after.difference) == (307_50, 70_00, 0)


def test_a_fund_that_nothing_came_for_is_all_nothing(fund: Fund, client: Client) -> None:
    published()
    assert sums(fund) == Sums()
    page = text(client, "/funds/sample-fund/")
    assert "还没有收到捐款" in page and "还没有作过决定" in page


def test_books_that_do_not_agree_are_shown_as_such(told: Fund, client: Client) -> None:
    more = "UPDATE ledger_received SET quantity = quantity + 1 WHERE purpose = %s"
    with connection.cursor() as cursor:
        cursor.execute(more, [told.pk])
    assert sums(told).difference == 1
    assert "Does not agree" in text(client, "/en/funds/")
    assert "Does not agree" in text(client, "/en/funds/sample-fund/")


def test_the_list_adds_up_all_funds(
    told: Fund, finance: Actor, officer: Actor, client: Client
) -> None:
    other = fund_of(finance, officer, Society.objects.get(pk="330600"), "other-fund")
    received(finance, other, 1_00)
    published()
    page = text(client, "/funds/")
    every = sums_of(Fund.objects.filter(state="open"))
    total = sum(every.by_fund.values(), Sums())
    assert total.difference == 0
    assert f"{total.received // 100:,}" in page
    assert "sample-fund" in page and "other-fund" in page


def test_a_fund_that_is_not_open_is_not_found(
    finance: Actor, client: Client, shaoxing: Society
) -> None:
    proposed_fund(finance, shaoxing, "not-yet")
    for path in ("", "gifts.csv", "payments.csv"):
        assert client.get(f"/funds/not-yet/{path}").status_code == 404
    assert client.get("/give/not-yet/").status_code == 404
    assert "not-yet" not in text(client, "/funds/") + text(client, "/give/")


def test_a_page_tells_the_rule_the_decisions_and_the_payments(told: Fund, client: Client) -> None:
    page = text(client, "/funds/sample-fund/")
    for words in ("只用于慰问奖励", "只在绍兴市使用", "慰问品", "60", "匿名"):
        assert words in page
    english = text(client, "/en/funds/sample-fund/")
    for words in ("Only for thanks and awards", "Only in Shaoxing", "Anonymous"):
        assert words in english


def test_gifts_as_a_file_tell_day_sum_and_what_the_giver_chose(told: Fund, client: Client) -> None:
    head, *lines = rows(client, "/funds/sample-fund/gifts.csv")
    assert len(head) == 4
    assert [line[1] for line in lines] == ["20.00", "80.00", "200.50"]
    # A name is a text, whatever a spreadsheet would make of it.
    assert [line[2] for line in lines] == ["", "'=1+1<script>", ""]


def test_payments_as_a_file_tell_what_for(told: Fund, client: Client) -> None:
    _head, line = rows(client, "/funds/sample-fund/payments.csv")
    assert line[1:3] == ["60.00", "慰问品"] and line[4] == "慰问" and line[6] == "100.00"


def test_every_gift_is_in_the_file_however_many(
    told: Fund, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("honghui.funds.queries.public._PAGE", 2)
    lines = rows(client, "/funds/sample-fund/gifts.csv")[1:]
    assert len(lines) == 3 == len({line[3] for line in lines})


def test_gifts_wait_for_the_log_before_they_are_told_of(
    told: Fund, finance: Actor, client: Client
) -> None:
    received(finance, told, 9_99, showing="alias", shown_as="新来的人")
    assert "新来的人" not in text(client, "/funds/sample-fund/")
    assert len(rows(client, "/funds/sample-fund/gifts.csv")) == 4
    published()
    assert "新来的人" in text(client, "/funds/sample-fund/")


def test_nobody_is_given_away(told: Fund, client: Client) -> None:
    """A hostile reader: every public page and file of the fund, in both languages."""
    secrets = [NAME, PAYEE, *Donation.objects.values_list("code", flat=True)]
    read = ""
    for prefix in ("", "/en"):
        for path in ("/funds/", "/funds/sample-fund/", "/give/", "/give/sample-fund/"):
            read += text(client, prefix + path)
        for file in ("gifts", "payments"):
            read += str(rows(client, f"{prefix}/funds/sample-fund/{file}.csv"))
    assert "sample-fund" in read
    assert [secret for secret in secrets if secret in read] == []
    assert "<script>" not in read.replace("'=1+1<script>", "")


def test_a_withdrawn_name_is_gone_from_page_and_file(
    told: Fund, finance: Actor, client: Client
) -> None:
    gift = Donation.objects.get(fund=told, showing="alias")
    assert "=1+1" in text(client, "/funds/sample-fund/")
    withdraw_name(by=finance, donation=gift)
    published()
    assert "=1+1" not in text(client, "/funds/sample-fund/")
    assert "=1+1" not in str(rows(client, "/funds/sample-fund/gifts.csv"))


@pytest.mark.parametrize("path", ["/funds/", "/funds/sample-fund/", "/give/", "/give/sample-fund/"])
def test_a_public_page_of_money_keeps_to_its_budget(
    told: Fund, finance: Actor, officer: Actor, client: Client, path: str
) -> None:
    for number in range(30):
        received(finance, told, 1_00 + number)
        approve_proposal(by=officer, proposal=proposed(finance, told, 1_00))
    published()
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        page = text(client, path)
    assert len(asked) <= PUBLIC_MAX
    assert len(page.encode()) < FIRST_LOAD_BYTES_MAX / 2


def test_a_closed_fund_still_shows_its_account(told: Fund, client: Client) -> None:
    Fund.objects.filter(pk=told.pk).update(closed_on=clock.today())
    assert "300" in text(client, "/funds/sample-fund/")
