"""Addresses of rescue: missions."""

from __future__ import annotations

from django.urls import path

from honghui.rescue.views import calling, leaders, missions, phone, responder

INCIDENT = "desk/incidents/<uuid:incident_id>/"
CALLED = "desk/call-outs/<uuid:call_out_id>/people/<uuid:invitation_id>/"
MISSION = "desk/missions/<uuid:mission_id>/"

urlpatterns = [
    path(f"{INCIDENT}call/", calling.call, name="incident_call"),
    path(f"{INCIDENT}ask/", calling.ask, name="incident_ask"),
    path(f"{CALLED}leader/", leaders.leader, name="call_out_leader"),
    path(MISSION, missions.page, name="mission"),
    path(f"{MISSION}photos/<uuid:photo_id>.jpg", missions.photo, name="mission_photo"),
    path(f"{MISSION}<slug:verb>/", missions.step, name="mission_step"),
    path(f"{MISSION}<slug:verb>/<uuid:row_id>/", missions.row_step, name="mission_row_step"),
    path("field/rescue/", phone.listing, name="field_rescue"),
    path("field/rescue/<uuid:mission_id>/", phone.mission, name="field_mission"),
    path("r/<str:token>/", responder.responder, name="responder"),
]
