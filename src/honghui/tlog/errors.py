"""What can go wrong with a log. Each error says what, where, and what to do next.

    TlogError
    ├── NotProven           the log contradicts itself or its key: exit code 1
    │   ├── Malformed       bytes that are not what the format allows
    │   ├── BadSignature    no known key signed, or a known key's signature fails
    │   ├── WrongHash       a hash does not follow from what it is said to cover
    │   └── Diverged        two heads of one log that cannot both be true: a rollback or a fork
    ├── CouldNotCheck       the evidence could not be had: exit code 2
    └── WillNotSign         the writer might sign a fork, so it stops

`where` names the file or the leaf. The sentence is complete without it.
"""

from __future__ import annotations


class TlogError(Exception):
    """sentence: what happened and why. hint: what to do next. where: path or leaf, "" if none."""

    exit_code = 2

    def __init__(self, sentence: str, hint: str = "", *, where: str = "") -> None:
        super().__init__(sentence, hint, where)
        self.sentence = sentence
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.sentence}" + (f"\n{self.hint}" if self.hint else "")

    @property
    def verdict(self) -> str:
        """What the command line says: a proof that fails is told from one that was not made."""
        return f"NOT PROVEN: {self}" if self.exit_code == 1 else str(self)

    def __reduce__(self) -> tuple[object, ...]:
        """Travels between processes whole."""
        return _again, (type(self), self.sentence, self.hint, self.where)


def _again(kind: type[TlogError], sentence: str, hint: str, where: str) -> TlogError:
    return kind(sentence, hint, where=where)


class NotProven(TlogError):
    exit_code = 1


class Malformed(NotProven):
    pass


class BadSignature(NotProven):
    pass


class WrongHash(NotProven):
    pass


class Diverged(NotProven):
    pass


class CouldNotCheck(TlogError):
    pass


class WillNotSign(TlogError):
    pass
