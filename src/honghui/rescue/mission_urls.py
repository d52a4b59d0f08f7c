"""Addresses of rescue: missions."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
