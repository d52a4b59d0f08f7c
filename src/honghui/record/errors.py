"""What is wrong with a record. `rule` is its code in `rules`, `facts` what to put into the
sentence."""

from __future__ import annotations


class BadRecord(Exception):
    def __init__(self, rule: str, **facts: object) -> None:
        super().__init__(rule, facts)
        self.rule = rule
        self.facts = facts
