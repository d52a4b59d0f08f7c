"""What is wrong with a record, or with a text beside it. `rule` is its code in `rules`, `facts`
what to put into the sentence."""

from __future__ import annotations


class BadRecord(Exception):
    def __init__(self, rule: str, **facts: object) -> None:
        super().__init__(rule, facts)
        self.rule = rule
        self.facts = facts

    def __reduce__(self) -> tuple[object, ...]:
        """Travels between processes whole."""
        return _again, (self.rule, self.facts)


def _again(rule: str, facts: dict[str, object]) -> BadRecord:
    return BadRecord(rule, **facts)


class BadOpening(Exception):
    """A side file that does not open the hash it stands under, or a text that cannot be one."""
