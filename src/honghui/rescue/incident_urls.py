"""Addresses of rescue: incidents."""

from __future__ import annotations

from django.urls import URLPattern, path

from honghui.rescue.views import alerts, exports, incidents, situation

ONE = "desk/incidents/<uuid:incident_id>/"
ALERT = "desk/alerts/<uuid:alert_id>/"

urlpatterns: list[URLPattern] = [
    path("desk/incidents/", incidents.listing, name="incidents"),
    path("desk/incidents/new/", incidents.open_incident, name="incident_new"),
    path(ONE, incidents.page, name="incident"),
    path(f"{ONE}log/", incidents.log, name="incident_log"),
    path(f"{ONE}note/", incidents.note, name="incident_note"),
    path(f"{ONE}log/<uuid:line_id>/correct/", incidents.correct, name="incident_correct"),
    path(f"{ONE}change/", incidents.change, name="incident_change"),
    path(f"{ONE}request/", incidents.hear, name="incident_request"),
    path(f"{ONE}level/", incidents.set_level, name="incident_level"),
    path(f"{ONE}begin/", incidents.begin, name="incident_begin"),
    path(f"{ONE}close/", incidents.close, name="incident_close"),
    path(f"{ONE}reopen/", incidents.reopen, name="incident_reopen"),
    path(f"{ONE}situation/new/", situation.report, name="situation_new"),
    path(f"{ONE}situation/<int:number>/", situation.page, name="situation"),
    path(f"{ONE}situation/<int:number>/correct/", situation.correct, name="situation_correct"),
    path(f"{ONE}needs/new/", situation.need, name="need_new"),
    path(f"{ONE}needs/<uuid:need_id>/", situation.need_met, name="need_met"),
    path(f"{ONE}needs/<uuid:need_id>/close/", situation.need_close, name="need_close"),
    path("desk/incidents/incidents.csv", exports.incidents, name="incidents_csv"),
    path(f"{ONE}situation.csv", exports.situation, name="incident_situation_csv"),
    path(f"{ONE}needs.csv", exports.needs, name="incident_needs_csv"),
    path("alerts/", alerts.public_list, name="alerts"),
    path("alerts/feed.xml", alerts.feed, name="alerts_feed"),
    path("alerts/<uuid:alert_id>/", alerts.public_page, name="alert"),
    path("alerts/<uuid:alert_id>.xml", alerts.public_xml, name="alert_xml"),
    path("desk/alerts/", alerts.listing, name="desk_alerts"),
    path("desk/alerts/new/", alerts.write, name="alert_new"),
    path("desk/alerts/read/", alerts.read, name="alert_read"),
    path(ALERT, alerts.page, name="desk_alert"),
    path(f"{ALERT}watch/", alerts.watch, name="alert_watch"),
    path(f"{ALERT}update/", alerts.follow, {"kind": "update"}, name="alert_update"),
    path(f"{ALERT}cancel/", alerts.follow, {"kind": "cancel"}, name="alert_cancel"),
    path(f"{ALERT}publish/", alerts.decide, {"verb": "publish"}, name="alert_publish"),
    path(f"{ALERT}withdraw/", alerts.decide, {"verb": "withdraw"}, name="alert_withdraw"),
]
