"""Addresses of this folder, in both languages; files without one are in file_urls."""

from __future__ import annotations

from django.urls import path

from honghui.disclosure.views import open

urlpatterns = [
    path("open/", open.home, name="open"),
    path("open/schemas/", open.schemas, name="open_schemas"),
]
