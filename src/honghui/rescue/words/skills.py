"""The names of skills and kinds of teams, from their tables: few rows, read once a request."""

from __future__ import annotations

from collections.abc import Iterable

from honghui.registry.naming import local_name
from honghui.rescue.models import Skill
from honghui.rescue.rules.duty import Reason
from honghui.rescue.rules.roll import folded
from honghui.rescue.words.teams import joined, reason_words


def skill_names() -> dict[str, str]:
    """code -> name in the reader's language, in the order of lists. One query."""
    return {one.code: local_name(one) for one in Skill.objects.all()}


def skills_by_any_name() -> dict[str, str]:
    """Any name of a skill, folded, and its code -> code. One query."""
    found = {}
    for one in Skill.objects.all():
        for name in (one.code, one.name, one.name_en):
            found[folded(name)] = one.code
    return found


def reasons_text(reasons: Iterable[Reason]) -> str:
    """All of them in one line. One query."""
    names = skill_names()
    return joined(reason_words(one, names) for one in reasons)
