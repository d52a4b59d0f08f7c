"""Giving on a public page: from the form to the platform's word to the receipt code, and everything
that must be refused on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from honghui.funds import platform as giving_platform
from honghui.funds.actions.donations import begin_giving
from honghui.funds.actions.paid import receive_payments
from honghui.funds.codes import in_groups
from honghui.funds.models import Donation, Fund, Giving
from honghui.funds.queries.desk import giver_of
from honghui.funds.receiving import PaidGift
from honghui.journal.models import Act
from honghui.kernel import clock
from honghui.kernel.actors import VISITOR, Actor
from honghui.kernel.errors import Conflict, NotAllowed
from honghui.ledger.models import Arrival
from honghui.payments.actions.orders import close_order
from honghui.payments.handling import PaidOrder
from honghui.payments.models import Delivery, Discrepancy, Order
from honghui.payments.wechat.refusals import PlatformSilent
from honghui.payments.worker import handle_waiting, worker_actor
from honghui.registry.limits import Limit
from honghui.registry.models import Society
from tests.access.money import fund_of
from tests.payments.platform import Platform

pytestmark = pytest.mark.django_db

As = Callable[..., Actor]
Notify = Callable[..., Any]
CASHIER = "https://cashier.example/h5?id=7"
NAME = "独一无二的捐款人"
MARKUP = '<b onclick="x">样例</b>'


@pytest.fixture
def fund(as_actor: As) -> Fund:
    society = Society.objects.get(pk="330600")
    return fund_of(as_actor("finance"), as_actor("officer"), society, "sample-fund")


@pytest.fixture(autouse=True)
def cashier(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the platform was asked for; it answers with one address."""
    asked: list[dict[str, Any]] = []

    def place(out_trade_no: str, **values: Any) -> str:
        asked.append({"out_trade_no": out_trade_no, **values})
        return CASHIER

    monkeypatch.setattr("honghui.payments.wechat.client.place_order", place)
    return asked


def form(client: Client, path: str = "/give/sample-fund/") -> dict[str, str]:
    page = client.get(path).content.decode()
    once = re.search(r'name="once" value="([0-9a-f]{32})"', page)
    assert once
    return {"once": once[1], "plain": "other", "amount": "30", "showing": "anonymous"}


def given(client: Client, **values: str) -> Giving:
    answer = client.post("/give/sample-fund/", {**form(client), **values})
    assert answer.status_code == 302, answer.content.decode()
    giving = Giving.objects.get()
    assert answer.headers["Location"] == reverse("give_pay", args=[giving.code])
    return giving


def order_of(giving: Giving) -> Order:
    return Order.objects.get(job="gift", about_id=giving.pk)


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def done(giving: Giving) -> str:
    return reverse("given", args=[giving.code])


def state(client: Client, giving: Giving) -> str:
    return text(client, reverse("given_state", args=[giving.code]))


# ── what is typed ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ({"plain": "5000", "amount": ""}, 50_00),
        ({"plain": "5000", "amount": "50"}, 50_00),
        ({"plain": "", "amount": "0.01"}, 1),
        ({"plain": "other", "amount": "１２３４．５"}, 1234_50),
        ({"plain": "other", "amount": "￥1,000.05"}, 1000_05),
    ],
)
def test_an_amount_is_tapped_or_typed(
    client: Client, fund: Fund, typed: dict[str, str], fen: int
) -> None:
    giving = given(client, **typed)
    assert giving.amount_fen == fen == order_of(giving).amount_fen


@pytest.mark.parametrize(
    "typed",
    [
        {"plain": "", "amount": ""},
        {"plain": "other", "amount": ""},
        {"plain": "other", "amount": "0"},
        {"plain": "other", "amount": "-5"},
        {"plain": "other", "amount": "1.005"},
        {"plain": "other", "amount": "12万"},
        {"plain": "other", "amount": "1e5"},
        {"plain": "other", "amount": "50 元整整"},
        {"plain": "other", "amount": "9" * 60},
        {"plain": "other", "amount": "5000000.01"},
        {"plain": "other", "amount": "1000000.01"},
        {"plain": "5000", "amount": "30"},
        {"plain": "7", "amount": ""},
        {"plain": "-5000", "amount": ""},
        {"plain": "other", "amount": "<script>1</script>"},
        {"showing": "alias", "shown_as": " "},
        {"showing": "named", "giver": ""},
        {"showing": "everybody"},
        {"showing": "alias", "shown_as": "长" * 81},
        {"showing": "alias", "shown_as": "a\u202eb"},
        {"giver": "x\x00y"},
    ],
    ids=str,
)
def test_what_is_no_gift_is_refused_in_words_and_leaves_nothing(
    client: Client, fund: Fund, typed: dict[str, str]
) -> None:
    answer = client.post("/give/sample-fund/", {**form(client), **typed})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page and "<script>1" not in page
    assert not Giving.objects.exists() and not Order.objects.filter(job="gift").exists()
    assert not Act.objects.filter(verb="funds.giving.begun").exists()


def test_the_same_form_sent_twice_is_one_gift_with_one_order(client: Client, fund: Fund) -> None:
    values = form(client)
    first = client.post("/give/sample-fund/", values)
    second = client.post("/give/sample-fund/", values)
    assert first.headers["Location"] == second.headers["Location"]
    assert Giving.objects.count() == Order.objects.filter(job="gift").count() == 1


def test_one_address_cannot_begin_gifts_without_end(
    client: Client, fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("honghui.funds.views.giving.BEGUN", Limit("giving-test", 2))
    answers = [
        client.post("/give/sample-fund/", form(client), REMOTE_ADDR=address)
        for address in ("10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.2")
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 429, 302]
    assert Giving.objects.count() == 3
    assert "几分钟" in answers[2].content.decode()


def test_a_form_sent_again_with_another_amount_is_refused(client: Client, fund: Fund) -> None:
    values = form(client)
    client.post("/give/sample-fund/", values)
    answer = client.post("/give/sample-fund/", {**values, "amount": "31"})
    assert answer.status_code == 409
    assert Giving.objects.get().amount_fen == 30_00


def test_a_staff_member_gives_like_anybody(sign_in: Callable[[str], Client], fund: Fund) -> None:
    assert given(sign_in("finance")).fund == fund


@pytest.mark.parametrize("days", [-1, 1])
def test_a_fund_takes_gifts_on_its_days_only(client: Client, fund: Fund, days: int) -> None:
    values, today = form(client), clock.today()
    changes = (
        {"closed_on": today - timedelta(days=1)}
        if days < 0
        else {"opened_on": today + timedelta(days=1)}
    )
    Fund.objects.filter(pk=fund.pk).update(**changes)
    assert client.post("/give/sample-fund/", values).status_code == 409
    assert not Giving.objects.exists()


def test_a_fund_that_takes_none_online_says_so(client: Client, fund: Fund) -> None:
    values = form(client)
    Fund.objects.filter(pk=fund.pk).update(accepts_online=False)
    assert 'name="amount"' not in text(client, "/give/sample-fund/")
    assert client.post("/give/sample-fund/", values).status_code == 409
    assert not Giving.objects.exists()


def test_an_unknown_fund_is_not_found(client: Client) -> None:
    assert client.get("/give/no-such-fund/").status_code == 404
    assert client.post("/give/no-such-fund/", {"amount": "1"}).status_code == 404


# ── the name ─────────────────────────────────────────────────────────────────────────────────


def test_a_name_is_sealed_and_shown_only_as_chosen(client: Client, fund: Fund) -> None:
    giving = given(client, giver=NAME)
    assert giving.shown_as == "" and NAME.encode() not in bytes(giving.giver_sealed or b"")
    assert NAME not in str(Act.objects.filter(verb="funds.giving.begun").values_list("after"))
    for path in (done(giving), reverse("give_pay", args=[giving.code])):
        assert NAME not in text(client, path)


def test_another_name_is_written_as_typed_and_never_as_markup(
    client: Client,
    fund: Fund,
    platform: Platform,
    notify: Notify,
) -> None:
    giving = given(client, showing="alias", shown_as=MARKUP, giver=NAME)
    pay(giving, platform, notify)
    page = text(client, done(giving))
    assert "&lt;b onclick" in page and MARKUP not in page and NAME not in page


# ── to the cashier ───────────────────────────────────────────────────────────────────────────


def test_the_browser_is_sent_to_the_cashier_by_a_page(
    client: Client, fund: Fund, cashier: list[dict[str, Any]]
) -> None:
    giving = given(client)
    answer = client.get(reverse("give_pay", args=[giving.code]))
    page = answer.content.decode()
    assert f'content="0; url={CASHIER}&amp;redirect_url=' in page and "模拟" in page
    assert cashier[0]["amount_fen"] == 30_00
    assert cashier[0]["out_trade_no"] == order_of(giving).out_trade_no
    assert cashier[0]["description"] == fund.name
    # Asked again, it is the same order.
    client.get(reverse("give_pay", args=[giving.code]))
    assert cashier[1]["out_trade_no"] == cashier[0]["out_trade_no"]


def test_a_platform_that_is_silent_is_said_plainly(
    client: Client, fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    giving = given(client)

    def silent(*_args: Any, **_values: Any) -> str:
        raise PlatformSilent("no_answer")

    monkeypatch.setattr("honghui.payments.wechat.client.place_order", silent)
    page = text(client, reverse("give_pay", args=[giving.code]), 503)
    assert "http-equiv" not in page and "payments.platform.no_answer" in page


@pytest.mark.parametrize("name", ["give_pay", "given", "given_state"])
def test_an_address_that_is_a_key_is_kept_by_nobody(client: Client, fund: Fund, name: str) -> None:
    giving = given(client)
    headers = client.get(reverse(name, args=[giving.code])).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]
    assert client.get(reverse(name, args=["0" * 16])).status_code == 404
    assert client.get(reverse(name, args=["nonsense"])).status_code == 404


def test_a_code_is_found_however_it_was_copied(client: Client, fund: Fund) -> None:
    giving = given(client)
    text(client, reverse("given", args=[in_groups(giving.code).lower()]))


# ── the platform's word ──────────────────────────────────────────────────────────────────────


def pay(giving: Giving, platform: Platform, notify: Notify, **changes: Any) -> None:
    assert notify(platform.paid(order_of(giving), **changes))[0] == 200
    handle_waiting()


def test_a_gift_is_received_when_the_platform_says_so_and_not_before(
    client: Client,
    fund: Fund,
    platform: Platform,
    notify: Notify,
) -> None:
    giving = given(client, giver=NAME)
    # Coming back from the cashier proves nothing.
    page = text(client, done(giving))
    assert state(client, giving) == "waiting" and in_groups(giving.code) not in page
    assert "waiting.js" in page and not Donation.objects.filter(giving=giving).exists()
    pay(giving, platform, notify)
    gift = Donation.objects.get(giving=giving)
    assert (gift.code, gift.amount_fen, gift.channel) == (giving.code, 30_00, "wechat")
    assert Arrival.objects.filter(id=gift.entry_id).exists()
    assert giver_of(gift) == NAME
    assert state(client, giving) == "received"
    page = text(client, done(giving))
    assert in_groups(giving.code) in page and reverse("receipt", args=[giving.code]) in page
    assert reverse("trace_gift", args=[giving.code]) in page and NAME not in page


def test_each_paid_gift_is_an_act_of_its_own(
    client: Client,
    fund: Fund,
    platform: Platform,
    notify: Notify,
) -> None:
    for _number in range(5):
        giving_platform.begin(by=VISITOR, fund=fund, amount_fen=5_00)
    for giving in Giving.objects.all():
        assert notify(platform.paid(order_of(giving)))[0] == 200
    handle_waiting()
    acts = Act.objects.filter(verb="funds.donation.paid")
    assert Donation.objects.filter(fund=fund).count() == 5 == acts.count()
    assert set(acts.values_list("object_id", flat=True)) == {
        str(pk) for pk in Donation.objects.filter(fund=fund).values_list("pk", flat=True)
    }


def test_the_same_word_twice_is_one_gift(
    client: Client,
    fund: Fund,
    platform: Platform,
    notify: Notify,
) -> None:
    giving = given(client)
    body = platform.paid(order_of(giving))
    for _time in range(2):
        assert notify(body)[0] == 200
        handle_waiting()
    # Under another notification too.
    transaction = order_of(giving).transaction_id
    pay(giving, platform, notify, id="another-notification", transaction_id=transaction)
    gift = Donation.objects.get(giving=giving)
    assert Arrival.objects.filter(id=gift.entry_id).count() == 1
    assert not Discrepancy.objects.exists()


def test_another_amount_is_nobodys_gift_until_a_person_has_looked(
    client: Client,
    fund: Fund,
    platform: Platform,
    notify: Notify,
) -> None:
    giving = given(client)
    pay(giving, platform, notify, amount={"total": 29_99, "payer_total": 29_99, "currency": "CNY"})
    assert not Donation.objects.filter(giving=giving).exists()
    assert Discrepancy.objects.get().cause == "other_amount"
    assert state(client, giving) == "looked_at"
    assert order_of(giving).out_trade_no in text(client, done(giving))


def test_a_second_payment_of_one_gift_waits_for_a_person(
    client: Client,
    fund: Fund,
    platform: Platform,
    notify: Notify,
) -> None:
    giving = given(client)
    pay(giving, platform, notify)
    pay(giving, platform, notify, id="second", transaction_id="4200000000000000000000000002")
    assert Donation.objects.filter(giving=giving).count() == 1
    assert Discrepancy.objects.get().cause == "paid_twice"
    assert state(client, giving) == "received"


def test_an_order_that_was_closed_is_said_plainly_and_may_begin_again(
    client: Client, fund: Fund
) -> None:
    giving = given(client)
    close_order(by=worker_actor(), order=order_of(giving))
    page = text(client, done(giving))
    assert state(client, giving) == "ended" and "没有付款" in page and "/give/sample-fund/" in page
    assert client.get(reverse("give_pay", args=[giving.code])).status_code == 302


def test_an_order_past_its_time_offers_no_cashier(client: Client, fund: Fund) -> None:
    giving = given(client)
    Order.objects.update(
        expires_at=clock.now() - timedelta(seconds=1), created_at=clock.now() - timedelta(hours=3)
    )
    page = text(client, done(giving))
    assert state(client, giving) == "waiting" and "give/pay" not in page


def test_a_fund_that_closes_meanwhile_still_takes_what_was_paid(
    client: Client,
    fund: Fund,
    platform: Platform,
    notify: Notify,
) -> None:
    giving = given(client)
    Fund.objects.filter(pk=fund.pk).update(closed_on=clock.today() - timedelta(days=1))
    pay(giving, platform, notify)
    assert Donation.objects.filter(giving=giving).exists()


def test_a_gift_without_an_order_is_ended(client: Client, fund: Fund) -> None:
    giving = begin_giving(by=VISITOR, fund=fund, amount_fen=5_00)
    assert state(client, giving) == "ended"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_of_giving_is_there_in_both_languages(
    client: Client, fund: Fund, prefix: str
) -> None:
    giving = given(client)
    for path in ("/give/", "/give/sample-fund/", f"/give/pay/{giving.code}/", done(giving)):
        page = text(client, prefix + path)
        assert page.count("btn--seal") <= 1


def test_one_payment_that_does_not_fit_holds_no_other_up_and_is_not_half_booked(
    client: Client, fund: Fund, platform: Platform, notify: Notify
) -> None:
    givings = [giving_platform.begin(by=VISITOR, fund=fund, amount_fen=5_00) for _ in range(4)]
    # Paid before, by another payment than the platform now tells of.
    giving_platform.book_gifts([paid_order(givings[0], "an-earlier-payment")])
    for giving in givings:
        assert notify(platform.paid(order_of(giving)))[0] == 200
    handle_waiting()
    assert Donation.objects.filter(giving__in=givings).count() == 4
    assert Arrival.objects.filter(society=fund.society_id).count() == 4
    assert Donation.objects.get(giving=givings[0]).transaction_id == "an-earlier-payment"
    waits = Delivery.objects.get(state="waiting")
    assert waits.last_error == "funds.giving.paid_twice" and waits.tries == 1
    assert order_of(givings[0]).state == "open"


def test_what_is_booked_together_is_told_as_one_by_one(fund: Fund) -> None:
    """Again, and with a newcomer: the first keep their entries, and each telling is an act."""
    first = giving_platform.begin(by=VISITOR, fund=fund, amount_fen=5_00)
    second = giving_platform.begin(by=VISITOR, fund=fund, amount_fen=6_00)
    giving_platform.book_gifts([paid_order(first, "one")])
    entry = Donation.objects.get(giving=first).entry_id
    giving_platform.book_gifts([paid_order(first, "one"), paid_order(second, "two")])
    assert Donation.objects.get(giving=first).entry_id == entry
    assert Arrival.objects.filter(society=fund.society_id).count() == 2
    assert Act.objects.filter(verb="funds.donation.paid").count() == 3
    giving_platform.book_gifts([paid_order(second, "two")])
    assert Donation.objects.filter(giving=second).count() == 1


def test_a_batch_with_another_amount_books_nothing(fund: Fund) -> None:
    fits = giving_platform.begin(by=VISITOR, fund=fund, amount_fen=5_00)
    other = giving_platform.begin(by=VISITOR, fund=fund, amount_fen=6_00)
    wrong = replace(paid_order(other, "two"), amount_fen=6_01)
    with pytest.raises(Conflict), transaction.atomic():
        giving_platform.book_gifts([paid_order(fits, "one"), wrong])
    assert not Donation.objects.filter(fund=fund).exists()
    assert not Arrival.objects.filter(society=fund.society_id).exists()
    assert not Act.objects.filter(verb="funds.donation.paid").exists()


def test_no_person_says_what_a_platform_says(fund: Fund, as_actor: As) -> None:
    giving = giving_platform.begin(by=VISITOR, fund=fund, amount_fen=5_00)
    paid = [PaidGift(giving.pk, "one", 5_00, clock.now())]
    for by in (VISITOR, as_actor("finance")):
        with pytest.raises(NotAllowed):
            receive_payments(by=by, paid=paid)
    assert not Donation.objects.filter(fund=fund).exists()


def paid_order(giving: Giving, transaction_id: str) -> PaidOrder:
    return PaidOrder(order_of(giving), transaction_id, giving.amount_fen, clock.now())


def test_a_refund_of_what_came_by_the_platform_is_asked_of_the_platform(
    client: Client, fund: Fund, platform: Platform, notify: Notify, as_actor: As
) -> None:
    from honghui.funds.actions.refunds import ask_refund
    from honghui.ledger.declaring import settle_arrivals
    from honghui.payments.models import Refund as PlatformRefund

    giving = given(client)
    notify(platform.paid(Order.objects.get(about_id=giving.pk)))
    handle_waiting()
    settle_arrivals()
    refund = ask_refund(
        by=as_actor("finance"),
        donation=Donation.objects.get(giving=giving),
        amount_fen=10_00,
        reason="捐赠人要求退回。",
    )
    with pytest.raises(Conflict):
        giving_platform.give_back(by=as_actor("finance"), refund=refund)
    assert not PlatformRefund.objects.exists()
    giving_platform.give_back(by=as_actor("officer").with_once("a" * 32), refund=refund)
    asked = PlatformRefund.objects.get()
    assert (asked.amount_fen, asked.about_id) == (10_00, refund.pk)
    assert "捐赠人要求" not in asked.reason
