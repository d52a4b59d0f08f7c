from __future__ import annotations

from django.apps import AppConfig


class WorldsConfig(AppConfig):
    name = "honghui.worlds"
    label = "worlds"
