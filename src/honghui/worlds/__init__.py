"""Sample worlds: a society's real facts, played through the real actions."""

from __future__ import annotations

SAMPLE_PASSWORD = "honghui-sample-2020"
"""Of every account in every sample world. No real installation has one of these accounts."""
