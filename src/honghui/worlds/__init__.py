"""Sample worlds: a society's real facts, played through the real actions."""

from __future__ import annotations

SAMPLE_PASSWORD = "honghui-sample-2020"
"""Of every account in every sample world. No real installation has one of these accounts."""
SAMPLE_CODE = "SAMPTRACE0000050"
"""Of one gift in the sample world, which everybody may follow: it is printed in the tour."""
