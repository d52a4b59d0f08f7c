"""Kinds of forms to send, and a folder for photos that goes with its test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.sync import kinds
from tests.sync.browsers import context, field_site, network, page

__all__ = ["context", "field_site", "network", "page"]


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.ATTACHMENTS = str(tmp_path / "attachments")
    kinds.register()
    return tmp_path / "attachments"


@pytest.fixture
def phone(sign_in: Callable[[str], Client]) -> Client:
    """The officer's, and the table that shows what came of their forms."""
    kinds.make_table()
    return sign_in("officer")
