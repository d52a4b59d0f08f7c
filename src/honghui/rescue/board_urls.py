"""Addresses of rescue: boards."""

from __future__ import annotations

from django.urls import path

from honghui.rescue.views import board

ONE = "desk/rescue/incidents/<uuid:incident_id>/"

urlpatterns = [
    path("desk/rescue/board/", board.board, name="rescue_board"),
    path("desk/rescue/board/parts/", board.board_parts, name="rescue_board_parts"),
    path(f"{ONE}board/", board.incident_board, name="incident_board"),
    path(f"{ONE}board/parts/", board.incident_board_parts, name="incident_board_parts"),
]
