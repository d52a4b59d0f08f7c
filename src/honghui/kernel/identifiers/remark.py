"""What is odd about an identifier without making it wrong: shown to the clerk, who decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True, slots=True)
class Remark:
    """code: dotted and stable. sentence: for people, translated late, never with the value."""

    code: str
    sentence: _StrOrPromise
