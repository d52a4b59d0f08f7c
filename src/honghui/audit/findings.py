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


# Later findings may follow from the first ones, so nobody needs all of them.
FINDINGS_MAX = 100


class Findings(list[Finding]):
    """The first ones found, and no more than `FINDINGS_MAX`."""

    def note(self, index: int, rule: str, facts: Mapping[str, object]) -> None:
        if len(self) < FINDINGS_MAX:
            self.append(Finding(index, rule, facts))
