"""What the audit finds: which record breaks which rule, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from honghui.audit.rules import RULES
from honghui.record.clause_words import clause_in_words
from honghui.record.clauses import Clause
from honghui.record.rules import Language


class Broken(Exception):
    """A rule that a record breaks, on its way to becoming a finding."""

    def __init__(self, rule: str, **facts: object) -> None:
        super().__init__(rule, facts)
        self.rule = rule
        self.facts = facts


@dataclass(frozen=True)
class Finding:
    """`index`: of the record in the log; -1 for the books as a whole."""

    index: int
    rule: str
    facts: Mapping[str, object]

    def say(self, language: Language) -> str:
        facts = {
            name: clause_in_words(fact, language) if isinstance(fact, Clause) else fact
            for name, fact in self.facts.items()
        }
        return RULES[self.rule].say(language, facts)
