"""Addresses of rescue, a file a noun."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("honghui.rescue.team_urls")),
    path("", include("honghui.rescue.incident_urls")),
    path("", include("honghui.rescue.mission_urls")),
    path("", include("honghui.rescue.board_urls")),
]
