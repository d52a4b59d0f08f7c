"""Acts, which stay private, and the records of them that the public may see."""

from __future__ import annotations

from honghui.journal.models.acts import Act
from honghui.journal.models.records import Leaf, LogState, Record, Waiting
from honghui.journal.models.texts import SideText

__all__ = ["Act", "Leaf", "LogState", "Record", "SideText", "Waiting"]
