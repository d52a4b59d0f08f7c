"""Addresses without a language: the service worker, which browsers ask for again and again."""

from __future__ import annotations

from django.urls import path

from honghui.sync.views import worker

urlpatterns = [path("sw.js", worker.script, name="service_worker")]
