"""A fund, and a log of each test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from honghui.funds.models import Fund
from honghui.journal import log_head
from tests.processes import giving


@pytest.fixture
def fund(db: None, settings: Any, tmp_path: Path) -> Iterator[Fund]:
    giving.own_log(settings, tmp_path)
    cache.clear()
    yield giving.a_fund()
    log_head._kept.clear()
