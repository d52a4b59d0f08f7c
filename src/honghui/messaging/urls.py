"""Addresses of messages on the desk. What a gateway calls stands outside: see door.py."""

from __future__ import annotations

from django.urls import path

from honghui.messaging.views import desk, reaching

urlpatterns = [
    path("desk/messages/", desk.outbox, name="messages"),
    path("desk/messages/answers/", desk.replies, name="replies"),
    path("desk/messages/answers/<uuid:incoming_id>/", desk.reply, name="reply"),
    path("desk/messages/templates/", desk.templates, name="message_templates"),
    path("desk/messages/people/<uuid:person_id>/", reaching.reach, name="reach"),
    path("desk/messages/<uuid:message_id>/", desk.message, name="message"),
    path("messaging/push/", reaching.push, name="push"),
]
