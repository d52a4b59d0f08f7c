from __future__ import annotations

from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "honghui.funds"
    label = "funds"

    def ready(self) -> None:
        from honghui.funds import platform
        from honghui.funds.queries.desk import waiting_for
        from honghui.payments.handling import on_paid
        from honghui.registry.queries.desk import SOURCES

        SOURCES.append(waiting_for)
        on_paid(platform.JOB, platform.book_gifts)
