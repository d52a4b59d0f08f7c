"""Messages out and in: text message, voice, push, WeCom, DingTalk; a simulated gateway."""

from __future__ import annotations

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "honghui.messaging"
    label = "messaging"

    def ready(self) -> None:
        from honghui.messaging import merging, own_templates
        from honghui.registry.merging import on_merge

        own_templates.declare()
        on_merge(merging.follow_merge)
