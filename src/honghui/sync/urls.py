"""Addresses of sync: where phones send, and the phone's own pages."""

from __future__ import annotations

from django.urls import path

from honghui.sync.views import attachments, letters, pages

urlpatterns = [
    path("sync/state", letters.state, name="sync_state"),
    path("sync/forms", letters.forms, name="sync_forms"),
    path("sync/attachments/<uuid:attachment_id>", attachments.attachment, name="sync_attachment"),
    path("field/", pages.home, name="field"),
    path("field/queue/", pages.queue, name="field_queue"),
    path("field/practice/", pages.practice, name="field_practice"),
    path("field/offline/", pages.offline, name="field_offline"),
]
