"""One error tree. Every error a person can meet has a code, a sentence and a hint.

    HonghuiError
    ├── Refused                 the request was understood and is not done: 4xx
    │   ├── Invalid             422  a value is wrong: names the field
    │   ├── NotAllowed          403  this person may not
    │   ├── NotFound            404  not there, or not for this person: we do not say which
    │   ├── Conflict            409  the world has moved on, or the act contradicts itself
    │   └── SignInAgain         401  the session has ended
    └── CannotRun               the machine is at fault, not the person: command line and start-up

A sentence says what happened and why; the hint says what to do next. Both may be lazy
translations. Programmer errors are assertions and never reach this tree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


_CHINESE_ENDS = tuple("。！？；：，")


def in_a_row(*sentences: _StrOrPromise) -> str:
    """Sentences one after the other; behind a Chinese one stands no blank."""
    row = ""
    for each in filter(None, map(str, sentences)):
        row += each if not row or row.endswith(_CHINESE_ENDS) else f" {each}"
    return row


class HonghuiError(Exception):
    """code: dotted, stable, searchable in docs. sentence and hint: for people, translated late."""

    status: ClassVar[int] = 500

    def __init__(
        self, code: str, sentence: _StrOrPromise, hint: _StrOrPromise = "", *, field: str = ""
    ) -> None:
        super().__init__(code, sentence)
        self.code = code
        self.sentence = sentence
        self.hint = hint
        self.field = field

    def __str__(self) -> str:
        return in_a_row(self.sentence, self.hint)


class Refused(HonghuiError):
    status = 400


class Invalid(Refused):
    """A value is wrong. `field` names the form field it belongs to, "" for the whole form."""

    status = 422


class NotAllowed(Refused):
    status = 403


class NotFound(Refused):
    status = 404


class Conflict(Refused):
    status = 409


class SignInAgain(Refused):
    status = 401


class CannotRun(HonghuiError):
    """Start-up and command-line failures: printed as sentence and hint, exit code 2."""
