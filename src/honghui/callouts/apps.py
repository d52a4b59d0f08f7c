from __future__ import annotations

from django.apps import AppConfig


class CalloutsConfig(AppConfig):
    name = "honghui.callouts"
    label = "callouts"
