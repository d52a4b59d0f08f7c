"""Call-outs: who is asked to come, on which ways, and what they answered."""

from __future__ import annotations

from django.apps import AppConfig


class CalloutsConfig(AppConfig):
    name = "honghui.callouts"
    label = "callouts"

    def ready(self) -> None:
        from honghui.callouts import wordings
        from honghui.callouts.asking import note_failed
        from honghui.callouts.hearing import hear
        from honghui.callouts.merging import follow_merge
        from honghui.callouts.queries.desk import waiting_for
        from honghui.messaging.receiving import on_incoming
        from honghui.messaging.sending import on_failed
        from honghui.registry.merging import on_merge
        from honghui.registry.queries.desk import SOURCES

        wordings.declare()
        on_incoming(hear)
        on_failed(note_failed)
        on_merge(follow_merge)
        SOURCES.append(waiting_for)
