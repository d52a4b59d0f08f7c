"""What somebody wrote back: is it "leave me alone", does it name a code, which message is meant.

The one hard idea: a reply is never guessed onto a message. It belongs to one if the gateway says
the extension, if the text says the code, or if only one matter waits for that phone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

REPLY_CHARACTERS_MAX = 2_000
_STOP_WORDS = frozenset({"退订", "退訂", "T", "TD", "STOP"})
_CODE = re.compile(r"(?<![0-9])([0-9]{4})(?![0-9:：点时年-])")
_AROUND = " \t\r\n。.!！,，#＃"


class Sent(Protocol):
    """A message that was handed over."""

    code: Any
    about: Any

    @property
    def is_answered(self) -> bool: ...


S = TypeVar("S", bound=Sent)


@dataclass(frozen=True)
class Match(Generic[S]):
    """by: "extension", "code", "only", or "" when nothing fits or more than one does."""

    message: S | None
    by: str = ""


def folded(text: str) -> str:
    """Full-width digits and letters as plain ones, nothing around it."""
    return unicodedata.normalize("NFKC", text[: 2 * REPLY_CHARACTERS_MAX]).strip(_AROUND)


def is_stop(text: str, codes: Iterable[str] = ()) -> bool:
    """Whether the whole text asks for no more messages; the code of one may stand beside."""
    said = folded(text).upper()
    for code in codes:
        if code and len(said) > 4 and (said.startswith(code) or said.endswith(code)):
            said = said.removeprefix(code).removesuffix(code).strip(_AROUND)
    return said in _STOP_WORDS


def codes_in(text: str) -> list[str]:
    """Numbers of four digits that may be codes. 2020年 and 1830点 are none."""
    return list(dict.fromkeys(_CODE.findall(folded(text))))


def match(newest_first: Sequence[S], *, extension: str, text: str) -> Match[S]:
    """Which of the messages to one phone a reply answers."""
    if extension:
        named = [each for each in newest_first if each.code == extension]
        if named:
            return Match(named[0], "extension")
    said = set(codes_in(text))
    named = [each for each in newest_first if each.code in said]
    if named:
        return Match(named[0], "code") if len(_matters(named)) == 1 else Match(None)
    waiting = [each for each in newest_first if not each.is_answered]
    # Nothing waits: whoever changes their mind means what they answered, if it is one thing.
    for those in (waiting, newest_first):
        if those:
            return Match(those[0], "only") if len(_matters(those)) == 1 else Match(None)
    return Match(None)


def _matters(messages: Sequence[S]) -> set[UUID]:
    return {each.about for each in messages}
