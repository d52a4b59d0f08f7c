from __future__ import annotations

from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    name = "honghui.processes"
    label = "processes"
