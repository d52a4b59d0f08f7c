from __future__ import annotations

from django.apps import AppConfig


class CalloutsConfig(AppConfig):
    name = "honghui.callouts"
    label = "callouts"

    def ready(self) -> None:
        from honghui.callouts import wordings
        from honghui.callouts.hearing import hear
        from honghui.messaging.receiving import on_incoming

        wordings.declare()
        on_incoming(hear)
