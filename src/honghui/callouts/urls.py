"""Addresses of call-outs: the answer page, then the desk."""

from __future__ import annotations

from django.urls import path

from honghui.callouts.views import answering

urlpatterns = [
    path("answer/<str:token>/", answering.answer, name="answer"),
]
