"""Addresses of call-outs: the answer page, then the desk."""

from __future__ import annotations

from django.urls import path

from honghui.callouts.views import answering, desk, inbox

_ONE = "desk/call-outs/<uuid:call_out_id>/"

urlpatterns = [
    path("answer/<str:token>/", answering.answer, name="answer"),
    path("desk/call-outs/", desk.listing, name="call_outs"),
    path("desk/call-outs/inbox/", inbox.listing, name="call_out_inbox"),
    path("desk/call-outs/inbox/<uuid:incoming_id>/", inbox.settle, name="call_out_settle"),
    path(_ONE, desk.page, name="call_out"),
    path(f"{_ONE}part", desk.part, name="call_out_part"),
    path(f"{_ONE}send/", desk.send, name="call_out_send"),
    path(f"{_ONE}more/", desk.more, name="call_out_more"),
    path(f"{_ONE}home/", desk.home, name="call_out_home"),
    path(f"{_ONE}close/", desk.end, {"how": "close"}, name="call_out_close"),
    path(f"{_ONE}cancel/", desk.end, {"how": "cancel"}, name="call_out_cancel"),
    path(f"{_ONE}note/<uuid:invitation_id>/", desk.note, name="call_out_note"),
]
