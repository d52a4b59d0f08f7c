"""Honghui (红会): the Digital Red Cross. The house is described in docs/architecture.md."""

from __future__ import annotations

__version__ = "0.1.0"
