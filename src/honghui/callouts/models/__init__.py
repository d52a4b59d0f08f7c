"""Tables of call-outs: who was asked, and every answer."""

from __future__ import annotations

from honghui.callouts.models.answers import Answer
from honghui.callouts.models.call_outs import CallOut, Invitation

__all__ = ["Answer", "CallOut", "Invitation"]
