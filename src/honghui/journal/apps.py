from __future__ import annotations

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "honghui.journal"
    label = "journal"

    def ready(self) -> None:
        from honghui.journal import side_texts  # noqa: F401  (its jobs register themselves)
