"""A message's own short code inside an answer: by it two call-outs never mix."""

from __future__ import annotations

import re
from collections.abc import Collection

# A letter that is no answer by itself (y, n, l, t, q) and one or two digits.
_LOOKS = r"[a-hjkmpr-su-xz]\d{1,2}"
_FIRST = re.compile(rf"^#?({_LOOKS})(?!\d|:|\s*(?:分|点|小时|min))")
_LAST = re.compile(rf"(?<![a-z0-9])#?({_LOOKS})[.!,\s]*$")


def split_code(text: str, codes: Collection[str] = ()) -> tuple[str, str]:
    """(the rest, the code in capitals or ""). `text` is normalised."""
    for code in codes:
        known = re.compile(rf"(?<![a-z0-9])#?{re.escape(code.lower())}(?![0-9])")
        rest, times = known.subn(" ", text, count=1)
        if times:
            return rest.strip(), code.upper()
    for pattern in (_FIRST, _LAST):
        found = pattern.search(text)
        if found:
            rest = text[: found.start()] + " " + text[found.end() :]
            return rest.strip(), found[1].upper()
    return text, ""
