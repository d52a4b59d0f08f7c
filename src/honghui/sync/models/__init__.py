"""Tables and constraints, no verbs. A file a noun."""

from __future__ import annotations

from honghui.sync.models.attachments import Attachment
from honghui.sync.models.forms import ReceivedForm

__all__ = ["Attachment", "ReceivedForm"]
