from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "honghui.registry"
    label = "registry"

    def ready(self) -> None:
        from honghui.registry import jobs, signing_in  # noqa: F401  (they register themselves)
