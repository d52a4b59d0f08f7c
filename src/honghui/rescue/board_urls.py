"""Addresses of rescue: boards, reports, and what everybody sees."""

from __future__ import annotations

from django.urls import path

from honghui.rescue.views import board, public, report_photos, reports

ONE = "desk/rescue/incidents/<uuid:incident_id>/"
REPORT = "desk/rescue/reports/<uuid:report_id>/"
PHOTO = f"{REPORT}photos/<uuid:photo_id>"
NUMBER = "rescue/<str:number>/<int:serial>/"
SHOWN = f"{REPORT}photos/<uuid:row_id>"

urlpatterns = [
    path("desk/rescue/board/", board.board, name="rescue_board"),
    path("desk/rescue/board/parts/", board.board_parts, name="rescue_board_parts"),
    path(f"{ONE}board/", board.incident_board, name="incident_board"),
    path(f"{ONE}board/parts/", board.incident_board_parts, name="incident_board_parts"),
    path(f"{ONE}reports/", reports.listing, name="incident_reports"),
    path(f"{ONE}reports/new/", reports.draft, name="rescue_report_new"),
    path(f"{ONE}claims/new/", reports.note_claim, name="claim_new"),
    path(f"{ONE}claims/<uuid:claim_id>/remove/", reports.remove_claim, name="claim_remove"),
    path("desk/rescue/reports/", reports.every, name="rescue_reports"),
    path(REPORT, reports.page, name="rescue_report"),
    path(f"{REPORT}paper.pdf", reports.paper, name="rescue_report_paper"),
    path(f"{REPORT}teams.csv", reports.table, name="rescue_report_table"),
    path(f"{REPORT}photos/", report_photos.listing, name="rescue_report_photos"),
    path(f"{PHOTO}.jpg", report_photos.picture, name="rescue_report_picture"),
    path(f"{PHOTO}/choose/", report_photos.choose, name="rescue_report_photo"),
    path(f"{SHOWN}/take-back/", report_photos.take_back, name="rescue_photo_take_back"),
    path(f"{SHOWN}/withdraw/", report_photos.withdraw, name="rescue_photo_withdraw"),
    path(f"{REPORT}<str:verb>/", reports.decide, name="rescue_report_decide"),
    path("rescue/", public.listing, name="rescue"),
    path("rescue/teams.csv", public.teams, name="rescue_teams_table"),
    path("rescue/figures.csv", public.figures, name="rescue_figures"),
    path("rescue/<str:number>/", public.page, name="rescue_public"),
    path("rescue/<str:number>/<int:serial>/", public.page, name="rescue_public_number"),
    path("rescue/<str:number>/<int:serial>/paper.pdf", public.paper, name="rescue_public_paper"),
    path("rescue/<str:number>/<int:serial>/teams.csv", public.table, name="rescue_public_table"),
    path(f"{NUMBER}figures.csv", public.report_figures, name="rescue_public_figures"),
]
