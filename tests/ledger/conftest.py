"""The ledger's tests keep books of their own, in a database where nothing was recorded before."""

from __future__ import annotations

import pytest


@pytest.fixture
def committed(committed_empty: str) -> str:
    return committed_empty
