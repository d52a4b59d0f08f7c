"""A platform with keys of its own, and its signed word: as in the tests of payments."""

from __future__ import annotations

from tests.payments.conftest import key_folder, notify, platform

__all__ = ["key_folder", "notify", "platform"]
