"""A plan's targets as a table that people copy into a spreadsheet, change, and paste back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from honghui.kernel.tables import Grid, column_letter
from honghui.registry.models import Society
from honghui.registry.naming import local_name
from honghui.rescue.access import is_within
from honghui.rescue.models import ReadinessPlan
from honghui.rescue.rules.readiness import VALUE_MAX, Target
from honghui.rescue.rules.roll import Fault, folded
from honghui.rescue.words.gear import MEASURES

HEADING = "society"
_NUMBER = re.compile(r"\d{1,9}")


@dataclass
class ReadTargets:
    targets: list[Target] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def targets_as_table(plan: ReadinessPlan) -> str:
    """A line a society under the plan, a column a measure, parted by tabs; what is not planned is
    empty. Two queries."""
    set_ = {
        (code, measure): value
        for code, measure, value in plan.targets.values_list("society_id", "measure", "value")
    }
    head = [
        pgettext("of a society", "Code"),
        _("Society"),
        *(str(words) for words, _unit, _rows in MEASURES.values()),
    ]
    lines = ["\t".join(head)]
    for one in societies_under(plan):
        cells = [str(set_.get((one.pk, measure), "")) for measure in MEASURES]
        lines.append("\t".join([one.pk, local_name(one), *cells]))
    return "\n".join(lines)


def societies_under(plan: ReadinessPlan) -> list[Society]:
    """The lowest level under the plan's society, or itself where there is none below."""
    codes = frozenset({plan.society_id})
    rows = [
        one
        for one in Society.objects.select_related("parent__parent").order_by("code")
        if is_within(one, codes) and one.ended_on is None
    ]
    counties = [one for one in rows if one.level == "county"]
    return counties or rows


def read_targets(plan: ReadinessPlan, grid: Grid) -> ReadTargets:
    """The first column says which society, by code or name; a heading names each measure."""
    read = ReadTargets()
    columns = _columns(grid)
    if not columns:
        words = _("No heading line was found: it names the measures, such as “Teams”.")
        read.faults.append(Fault(0, "", "", words))
        return read
    known = _known(plan)
    for number, row in enumerate(grid.rows[1:], 2):
        if not any(row):
            continue
        code = known.get(folded(row[0])) or known.get(folded(row[1]) if len(row) > 1 else "")
        if code is None:
            words = _("No society of this plan is called this.")
            read.faults.append(Fault(number, "A", row[0], words))
            continue
        for place, measure in columns.items():
            _read_cell(read, grid, (number, place), code, measure)
    return read


def _columns(grid: Grid) -> dict[int, str]:
    names = {folded(str(words)): code for code, (words, _unit, _rows) in MEASURES.items()}
    names |= {folded(code): code for code in MEASURES}
    head = grid.rows[0] if grid.rows else ()
    return {place: names[folded(cell)] for place, cell in enumerate(head) if folded(cell) in names}


def _known(plan: ReadinessPlan) -> dict[str, str]:
    """Code, name and place of each society under the plan, folded -> its code. One query."""
    codes = frozenset({plan.society_id})
    found = {}
    for one in Society.objects.select_related("parent__parent"):
        if is_within(one, codes):
            for name in (one.pk, one.name, one.name_en, one.place_name, one.place_name_en):
                found[folded(name)] = one.pk
    return found


def _read_cell(read: ReadTargets, grid: Grid, at: tuple[int, int], code: str, measure: str) -> None:
    number, place = at
    cell = folded(grid.rows[number - 1][place]).replace(",", "")
    if not cell:
        return
    if not _NUMBER.fullmatch(cell) or int(cell) > VALUE_MAX:
        words = _("This is no whole number.")
        read.faults.append(Fault(number, column_letter(place), grid.rows[0][place], words))
        return
    read.targets.append(Target(code, measure, int(cell)))
