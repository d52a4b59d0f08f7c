"""Addresses of payments on the desk. What a platform calls stands outside: see door.py."""

from __future__ import annotations

from django.urls import path

from honghui.payments.views import desk

urlpatterns = [
    path("desk/payments/", desk.listing, name="payments_inbox"),
    path("desk/payments/<uuid:discrepancy_id>/", desk.discrepancy, name="payment_discrepancy"),
]
