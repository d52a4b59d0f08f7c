"""Addresses without a language: photos that everybody may see, by the hash of their bytes."""

from __future__ import annotations

from django.urls import path, register_converter

from honghui.rescue.views import report_photos


class Sha256:
    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Sha256, "sha256")

urlpatterns = [
    path("photos/<sha256:sha256>.jpg", report_photos.public, name="rescue_photo"),
]
