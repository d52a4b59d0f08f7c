"""The desk: who may look, who may settle, and that settling is said once and for a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from honghui.journal.models import Act
from honghui.payments.models import Discrepancy, Order
from honghui.payments.worker import handle_waiting
from tests.payments.conftest import Job, Notify
from tests.payments.platform import PAYER, Platform

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]


@pytest.fixture
def unfit(
    platform: Platform, notify: Notify, new_order: Callable[..., Order], job: Job
) -> Discrepancy:
    notify(platform.paid(new_order(1000), amount={"total": 1234, "payer_total": 1234}))
    notify(platform.paid(new_order(500)))
    handle_waiting()
    return Discrepancy.objects.get()


def test_finance_sees_what_does_not_fit_and_settles_it(unfit: Discrepancy, sign_in: SignIn) -> None:
    client = sign_in("finance")
    page = client.get(reverse("payments_inbox")).content.decode()
    assert "付的金额与订单不同" in page
    assert "1笔收款不符" in page
    address = reverse("payment_discrepancy", args=[unfit.pk])
    page = client.get(address).content.decode()
    assert PAYER not in page
    assert "12<span" in page and "10<span" in page
    form = {"once": "a" * 32, "reason": "已在商户页面退回，退款单附后"}
    assert client.post(address, form).status_code == 302
    unfit.refresh_from_db()
    assert (unfit.settled_by.username, unfit.settled_reason) == ("finance", form["reason"])  # type: ignore[union-attr]
    assert Act.objects.filter(verb="payments.discrepancy.settled").count() == 1
    assert "笔笔相符" in client.get(reverse("payments_inbox")).content.decode()


def test_it_is_settled_once_and_not_without_a_reason(unfit: Discrepancy, sign_in: SignIn) -> None:
    client = sign_in("finance")
    address = reverse("payment_discrepancy", args=[unfit.pk])
    assert client.post(address, {"once": "b" * 32, "reason": ""}).status_code == 422
    assert client.post(address, {"once": "c" * 32, "reason": "无需处理，测试款"}).status_code == 302
    again = sign_in("officer").post(address, {"once": "d" * 32, "reason": "又看了一遍"})
    assert again.status_code == 409
    unfit.refresh_from_db()
    assert unfit.settled_reason == "无需处理，测试款"


def test_the_auditor_looks_and_does_not_settle(unfit: Discrepancy, sign_in: SignIn) -> None:
    client = sign_in("auditor")
    address = reverse("payment_discrepancy", args=[unfit.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"once": "e" * 32, "reason": "看过了，没有问题"}).status_code == 403
    unfit.refresh_from_db()
    assert unfit.settled_at is None


def test_what_belongs_to_no_order_is_the_provinces(
    platform: Platform, notify: Notify, new_order: Callable[..., Order], job: Job, sign_in: SignIn
) -> None:
    notify(platform.paid(new_order(), out_trade_no="NEVER-OPENED"))
    handle_waiting()
    address = reverse("payment_discrepancy", args=[Discrepancy.objects.get().pk])
    assert sign_in("finance").get(address).status_code == 404
    assert sign_in("province").get(address).status_code == 200


def test_the_page_costs_as_many_queries_for_sixty_as_for_two(
    unfit: Discrepancy,
    platform: Platform,
    notify: Notify,
    new_order: Callable[..., Order],
    sign_in: SignIn,
) -> None:
    client = sign_in("finance")
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("payments_inbox")).status_code == 200
        counts.append(len(queries))
        for _one in range(30):
            notify(platform.paid(new_order(1000)))
            notify(platform.paid(new_order(1000), amount={"total": 7}))
        handle_waiting()
    assert counts[0] == counts[1] <= 14
