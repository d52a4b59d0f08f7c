"""Addresses of this folder: what everybody sees, then the desk."""

from __future__ import annotations

from django.urls import path

from honghui.funds.views import (
    desk_funds,
    desk_gifts,
    desk_spending,
    giving,
    public,
)

urlpatterns = [
    path("funds/", public.listing, name="funds"),
    path("funds/<str:code>/", public.page, name="fund"),
    path("funds/<str:code>/gifts.csv", public.gifts, name="fund_gifts"),
    path("funds/<str:code>/payments.csv", public.payments, name="fund_payments"),
    path("give/", giving.choose, name="give"),
    path("give/<str:code>/", giving.give, name="give_to"),
    path("give/pay/<str:code>/", giving.pay, name="give_pay"),
    path("give/done/<str:code>/", giving.done, name="given"),
    path("give/done/<str:code>/state", giving.state, name="given_state"),
    path("desk/funds/", desk_funds.listing, name="desk_funds"),
    path("desk/funds/new/", desk_funds.propose, name="fund_new"),
    path("desk/funds/<str:code>/", desk_funds.page, name="desk_fund"),
    path("desk/funds/<str:code>/open/", desk_funds.open_fund, name="fund_open"),
    path("desk/donations/", desk_gifts.listing, name="donations"),
    path("desk/donations/new/", desk_gifts.receive, name="donation_new"),
    path("desk/donations/<uuid:donation_id>/", desk_gifts.page, name="donation"),
    path("desk/donations/<uuid:donation_id>/refund/", desk_gifts.refund, name="refund_new"),
    path(
        "desk/donations/<uuid:donation_id>/withdraw-name/",
        desk_gifts.withdraw_name,
        name="donation_withdraw_name",
    ),
    path("desk/spending/", desk_spending.listing, name="spending"),
    path("desk/spending/new/", desk_spending.propose, name="proposal_new"),
    path("desk/spending/<uuid:proposal_id>/", desk_spending.proposal, name="proposal"),
    path("desk/spending/<uuid:proposal_id>/pay/", desk_spending.pay, name="payment_new"),
    path("desk/spending/payments/<uuid:payment_id>/", desk_spending.payment, name="payment"),
    path("desk/spending/refunds/<uuid:refund_id>/", desk_spending.refund, name="refund"),
    path(
        "desk/spending/<str:kind>/<uuid:asked_id>/<str:verb>/",
        desk_spending.decide,
        name="money_decide",
    ),
]
