from __future__ import annotations

from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "honghui.sync"
    label = "sync"

    def ready(self) -> None:
        from honghui.sync import practice

        practice.register()
