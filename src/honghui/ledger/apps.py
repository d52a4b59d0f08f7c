from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "honghui.ledger"
    label = "ledger"

    def ready(self) -> None:
        from honghui.ledger import jobs  # noqa: F401  (they register themselves)
