"""Tables and constraints, no verbs. A file a noun."""

from __future__ import annotations

from honghui.disclosure.models.bulletins import Bulletin, CorrectionNote

__all__ = ["Bulletin", "CorrectionNote"]
