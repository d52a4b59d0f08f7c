from __future__ import annotations

from django.apps import AppConfig


class RescueConfig(AppConfig):
    name = "honghui.rescue"
    label = "rescue"

    def ready(self) -> None:
        from honghui.registry.queries.desk import SOURCES
        from honghui.rescue import jobs  # noqa: F401  (they register themselves)
        from honghui.rescue.queries import tasks

        SOURCES.append(tasks.waiting_for)
