from __future__ import annotations

from django.apps import AppConfig


class RescueConfig(AppConfig):
    name = "honghui.rescue"
    label = "rescue"
