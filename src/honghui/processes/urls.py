"""Addresses of this folder."""

from __future__ import annotations

from django.urls import path

from honghui.funds.views import receipts
from honghui.processes import views

urlpatterns = [
    path("trace/", views.ask, name="trace"),
    path("trace/<str:code>/", views.gift, name="trace_gift"),
    path("trace/<str:code>/proof", views.proof, name="trace_proof"),
    path("trace/<str:code>/record", views.record, name="trace_record"),
    path(
        "receipts/<str:code>.pdf",
        views.for_whoever_has_the_code(receipts.paper),
        name="receipt",
    ),
]
