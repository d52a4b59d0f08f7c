"""Addresses of this folder, in both languages; files without one are in file_urls."""

from __future__ import annotations

from django.urls import path

from honghui.disclosure.views import bulletins, desk_bulletins, open

urlpatterns = [
    path("open/", open.home, name="open"),
    path("open/schemas/", open.schemas, name="open_schemas"),
    path("bulletins/", bulletins.listing, name="bulletins"),
    path("bulletins/feed.atom", bulletins.feed, name="bulletins_feed"),
    path("bulletins/<uuid:bulletin_id>/", bulletins.page, name="bulletin"),
    path("bulletins/<uuid:bulletin_id>/figures.csv", bulletins.figures, name="bulletin_figures"),
    path("desk/bulletins/", desk_bulletins.listing, name="desk_bulletins"),
    path("desk/bulletins/new/", desk_bulletins.draft, name="bulletin_new"),
    path("desk/bulletins/<uuid:bulletin_id>/", desk_bulletins.page, name="desk_bulletin"),
    path(
        "desk/bulletins/<uuid:bulletin_id>/correct/",
        desk_bulletins.correct,
        name="bulletin_correct",
    ),
    path(
        "desk/bulletins/<uuid:bulletin_id>/<str:verb>/",
        desk_bulletins.decide,
        name="bulletin_decide",
    ),
    path(
        "desk/bulletins/corrections/<uuid:correction_id>/<str:verb>/",
        desk_bulletins.decide_correction,
        name="correction_decide",
    ),
]
