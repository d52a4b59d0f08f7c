"""Addresses of rescue: teams, their people, stand-by, gear, readiness."""

from __future__ import annotations

from django.urls import path

from honghui.rescue.views import gear, members, readiness, rosters, teams

urlpatterns = [
    path("calendar/<str:secret>.ics", teams.feed, name="calendar_feed"),
    path("desk/teams/", teams.listing, name="teams"),
    path("desk/teams.csv", teams.export, name="teams_export"),
    path("desk/teams/new/", teams.open_team, name="team_new"),
    path("desk/teams/<uuid:team_id>/", teams.page, name="team"),
    path("desk/teams/<uuid:team_id>/change/", teams.change, name="team_change"),
    path("desk/teams/<uuid:team_id>/calendar/", teams.calendar, name="team_calendar"),
    path("desk/teams/<uuid:team_id>/members.csv", members.export, name="members_export"),
    path("desk/teams/<uuid:team_id>/members/new/", members.enrol, name="member_new"),
    path("desk/teams/<uuid:team_id>/members/import/", members.import_roster, name="members_import"),
    path("desk/teams/<uuid:team_id>/roster/", rosters.roster, name="roster"),
    path("desk/teams/<uuid:team_id>/roster/new/", rosters.open_stand_by, name="stand_by_new"),
    path("desk/teams/<uuid:team_id>/gear/", gear.page, name="gear"),
    path("desk/teams/<uuid:team_id>/gear/new/", gear.list_gear, name="gear_new"),
    path("desk/teams/<uuid:team_id>/vehicles/new/", gear.list_vehicle, name="vehicle_new"),
    path("desk/teams/<uuid:team_id>/<str:verb>/", teams.move, name="team_move"),
    path("desk/members/<uuid:member_id>/", members.page, name="member"),
    path("desk/members/<uuid:member_id>/change/", members.change, name="member_change"),
    path("desk/members/<uuid:member_id>/leave/", members.leave, name="member_leave"),
    path(
        "desk/members/<uuid:member_id>/certificate/",
        members.qualification,
        name="qualification_new",
    ),
    path("desk/members/<uuid:member_id>/insurance/", members.insurance, name="insurance_new"),
    path("desk/members/<uuid:member_id>/availability/", members.tell, name="availability_new"),
    path(
        "desk/certificates/<uuid:qualification_id>/revoke/",
        members.revoke,
        name="qualification_revoke",
    ),
    path("desk/insurances/<uuid:insurance_id>/end/", members.end_insurance, name="insurance_end"),
    path("desk/papers/", members.ending, name="papers"),
    path("desk/rosters/", rosters.week, name="rosters"),
    path("desk/stand-bys/<uuid:stand_by_id>/", rosters.stand_by, name="stand_by"),
    path("desk/stand-bys/<uuid:stand_by_id>/cancel/", rosters.cancel, name="stand_by_cancel"),
    path("desk/turns/<uuid:place_id>/give-up/", rosters.give_up, name="turn_give_up"),
    path("desk/turns/<uuid:place_id>/swap/", rosters.ask_swap, name="turn_swap"),
    path("desk/swaps/<uuid:swap_id>/<str:verb>/", rosters.answer_swap, name="swap_answer"),
    path("desk/gear/<uuid:gear_id>/<str:verb>/", gear.gear, name="gear_step"),
    path("desk/vehicles/<uuid:vehicle_id>/<str:verb>/", gear.vehicle, name="vehicle_step"),
    path("desk/gear-issues/<uuid:issue_id>/back/", gear.back, name="gear_back"),
    path("desk/readiness/", readiness.current, name="readiness"),
    path("desk/readiness/new/", readiness.make, name="readiness_new"),
    path("desk/readiness/count/", readiness.count, name="readiness_count"),
    path("desk/readiness/<uuid:plan_id>/", readiness.page, name="readiness_plan"),
    path("desk/readiness/<uuid:plan_id>/targets/", readiness.targets, name="readiness_targets"),
]
