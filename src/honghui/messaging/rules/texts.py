"""What a text message may hold, and how many parts it is.

The one hard idea: a part is counted as the phone network counts it. In the small Latin alphabet
160 characters fit, 153 each when there are several; anything else travels as UTF-16, 70 code
units, 67 each when there are several, and a pair of surrogates (an emoji, a rare character of a
name) is never cut in two. (3GPP TS 23.038 and 23.040; the signature in 【】 counts too.)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
VARIABLE_CHARACTERS_MAX = 35
"""A gateway refuses longer ones: a title is shortened rather than not sent at two in the night."""
PARTS_MAX = 10

_LATIN = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_LATIN_TWICE = frozenset("^{}\\[~]|€\f")
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# A link in a variable is refused by gateways, and somebody could slip one in: only the template
# itself may hold an address.
_LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|www\.)\S*|[\w-]+(?:\.[\w-]+)*\.(?:com|cn|net|org|top|xyz|cc|info)\b\S*",
    re.IGNORECASE | re.ASCII,
)
# They would look like a signature, or like a placeholder of ours.
_BRACKETS = str.maketrans({"【": "〔", "】": "〕", "{": "(", "}": ")", "$": "＄"})


def is_latin(text: str) -> bool:
    """Whether every character is of the network's small alphabet."""
    return all(each in _LATIN or each in _LATIN_TWICE for each in text)


def parts_of(text: str) -> int:
    """How many parts a text message of this text has: 1 or more. "" has none."""
    if "\u2000" <= max(text, default="") <= "\uffff" and not is_latin(text):
        # Nearly every text: one unit a character, no pair that could be cut.
        return 1 if len(text) <= 70 else -(-len(text) // 67)
    if is_latin(text):
        return _parts(text, lambda sign: 2 if sign in _LATIN_TWICE else 1, 160, 153)
    return _parts(text, lambda sign: 2 if ord(sign) > 0xFFFF else 1, 70, 67)


def _parts(text: str, size: Callable[[str], int], alone: int, each: int) -> int:
    if not text:
        return 0
    if sum(map(size, text)) <= alone:
        return 1
    parts, used = 1, 0
    for sign in text:
        if used + size(sign) > each:
            parts, used = parts + 1, 0
        used += size(sign)
    return parts


@lru_cache(maxsize=256)
def clean_variable(text: str, limit: int = VARIABLE_CHARACTERS_MAX) -> str:
    """A value as it may go into a template: one line, nothing invisible, no link, no bracket that
    looks like a signature, at most `limit` characters."""
    # Long before it is looked at: ten thousand characters are not worth normalising.
    text = unicodedata.normalize("NFC", text[: 4 * limit + 400])
    text = _INVISIBLE.sub("", text)
    text = "".join(" " if _is_control(each) else each for each in text)
    text = _LINK.sub("…", text).translate(_BRACKETS)
    text = re.sub(r"\s+", " ", text).strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}


def placeholders_of(text: str) -> list[str]:
    """The names of the variables of a template, in order, each once."""
    return list(dict.fromkeys(PLACEHOLDER.findall(text)))


def filled(text: str, values: dict[str, str]) -> str:
    """The template with its variables filled, in one pass: a value is never read as a template."""
    return PLACEHOLDER.sub(lambda found: values[found[1]], text)


def as_gateway_body(text: str) -> str:
    """`{name}` as gateways write it: `${name}`."""
    return PLACEHOLDER.sub(r"${\1}", text)
