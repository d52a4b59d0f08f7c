from __future__ import annotations

from django.apps import AppConfig


class RescueConfig(AppConfig):
    name = "honghui.rescue"
    label = "rescue"

    def ready(self) -> None:
        from honghui.registry.queries.desk import SOURCES
        from honghui.rescue import connecting, jobs  # noqa: F401  (jobs register themselves)
        from honghui.rescue.queries import alerts, situation, tasks, waiting

        SOURCES.extend([tasks.waiting_for, situation.waiting_for, alerts.waiting_for])
        SOURCES.append(waiting.waiting_for)
        connecting.connect()
