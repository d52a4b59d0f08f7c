"""A list of members as people keep it in a spreadsheet: its heading found, its cells read, every
fault named by row and column as the spreadsheet shows them.

Titles above the heading line are passed over; columns that we do not know are named and not read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from honghui.kernel import identifiers, text
from honghui.kernel.errors import Refused, in_a_row
from honghui.kernel.tables import Grid, column_letter
from honghui.rescue.rules import teams as team_rules

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

HEADING_ROWS_MAX = 10
LINES_MAX = 2000
FAULTS_MAX = 200
# What people call the columns, folded: without blanks, small letters.
_NAMES: dict[str, str] = {
    each: column
    for column, names in {
        "name": "姓名 名字 队员 队员姓名 name",
        "resident_id": "身份证 身份证号 身份证号码 证件号 证件号码 residentid idnumber id",
        "phone": "手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 phone mobile telephone",
        "role": "职务 队内职务 岗位 角色 role",
        "skills": "技能 特长 专长 专业技能 skills skill",
        "certificate": "证书 证书名称 持证 持证类别 certificate certificateof",
        "number": "证书编号 证书号 证号 编号 certificatenumber number",
        "issued_on": "发证日期 发证时间 取证日期 签发日期 issuedon issued",
        "expires_on": "有效期至 证书有效期 证书有效期至 到期日 到期日期 expireson expires",
        "insured_until": "保险到期 保险有效期 保险有效期至 保险截止 保险至 insureduntil insurance",
    }.items()
    for each in names.split()
}
_ROLES = {
    "leader": "队长 leader",
    "deputy": "副队长 deputy deputyleader",
    "member": "队员 成员 组员 志愿者 member",
}
_ROLE_OF = {each: code for code, names in _ROLES.items() for each in names.split()}
_BETWEEN = re.compile(r"[、,，;；/\s]+")
_DATE = re.compile(r"([12]\d{3})[-/.年]([01]?\d)[-/.月]([0-3]?\d)日?")
_CUT = re.compile(r"\d+(?:\.\d+)?E\+?\d+", re.IGNORECASE)


@dataclass(frozen=True)
class RollLine:
    """One person of a list. Prints no value: it may stand in an error."""

    name: str
    resident_id: str = ""
    phone: str = ""
    role: str = "member"
    skills: tuple[str, ...] = ()
    certificate: str = ""
    number: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    insured_until: date | None = None

    def __repr__(self) -> str:
        return "RollLine(…)"

    @property
    def all_skills(self) -> tuple[str, ...]:
        """With the skill that the certificate is of."""
        return tuple(dict.fromkeys([*self.skills, *filter(None, [self.certificate])]))


@dataclass(frozen=True)
class Fault:
    """`row`: as the spreadsheet counts, from 1; 0 for the whole list. `column`: "B", or none."""

    row: int
    column: str
    heading: str
    words: str


@dataclass
class Roll:
    """What was read: the lines that are whole, the faults, and the columns passed over."""

    lines: list[RollLine] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return bool(self.lines) and not self.faults


def read_roll(grid: Grid, *, skills: Mapping[str, str], today: date) -> Roll:
    """`skills`: any name of a skill, folded by `folded` -> its code."""
    roll = Roll()
    head = _heading(grid)
    if head is None:
        words = _("No heading line was found: one cell must say “Name”.")
        roll.faults.append(Fault(0, "", "", str(words)))
        return roll
    at, columns = head
    roll.passed_over = [
        cell for place, cell in enumerate(grid.rows[at]) if cell and place not in columns
    ]
    seen: dict[tuple[str, str], int] = {}
    for number in range(at + 1, len(grid.rows)):
        row = grid.rows[number]
        if not any(row[place] for place in columns):
            continue
        reader = _Row(grid, number, at, columns, roll)
        line = reader.line(skills, today)
        if line is None:
            continue
        key = (line.resident_id, "") if line.resident_id else (line.name, line.phone)
        if key in seen:
            reader.fault(
                "name", _("This is the same person as in row %(row)s.") % {"row": seen[key]}
            )
            continue
        seen[key] = number + 1
        roll.lines.append(line)
        roll.rows.append(number + 1)
    if len(roll.lines) > LINES_MAX:
        most = _("More than %(most)s people: split the list.") % {"most": LINES_MAX}
        roll.faults.append(Fault(0, "", "", str(most)))
    elif not roll.lines and not roll.faults:
        roll.faults.append(Fault(0, "", "", str(_("Under the heading line stands nobody."))))
    return roll


def fingerprint(team_id: UUID, lines: list[RollLine]) -> str:
    """The same for the same people and papers, whatever the file looked like."""
    rows = [
        {name: str(value or "") for name, value in asdict(line).items()} | {"skills": line.skills}
        for line in lines
    ]
    return json.dumps([str(team_id), rows], ensure_ascii=False, sort_keys=True)


def folded(words: str) -> str:
    """For comparing what people type: full-width forms, blanks and case make no difference."""
    return re.sub(r"[\s*：:（）()]", "", text.fold_digits(words)).casefold()


def read_date(cell: str) -> date | None:
    """2022-06-30, 2022/6/30, 2022年6月30日, in full-width digits too; None when it is no day."""
    found = _DATE.fullmatch(text.fold_digits(cell).replace(" ", "").removesuffix("T00:00:00"))
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def _heading(grid: Grid) -> tuple[int, dict[int, str]] | None:
    """The first line in which somebody wrote "name" and one more column that we know."""
    for number, row in enumerate(grid.rows[:HEADING_ROWS_MAX]):
        columns: dict[int, str] = {}
        for place, cell in enumerate(row):
            known = _NAMES.get(folded(cell))
            if known and known not in columns.values():
                columns[place] = known
        if "name" in columns.values() and len(columns) > 1:
            return number, columns
    return None


class _Row:
    """Reads the cells of one row; what is wrong with them goes to the roll's faults."""

    def __init__(
        self, grid: Grid, number: int, heading: int, columns: dict[int, str], roll: Roll
    ) -> None:
        self.number = number
        self.places = {column: place for place, column in columns.items()}
        self.cells = {column: grid.rows[number][place] for place, column in columns.items()}
        self.headings = grid.rows[heading]
        self.roll = roll
        self.is_whole = True
        for column, place in self.places.items():
            if (number, place) in grid.merged:
                self.fault(column, _("This cell is merged with another: give each its own value."))

    def fault(self, column: str, words: _StrOrPromise) -> None:
        self.is_whole = False
        if len(self.roll.faults) >= FAULTS_MAX:
            return
        place = self.places.get(column)
        letter = "" if place is None else column_letter(place)
        heading = "" if place is None else self.headings[place]
        self.roll.faults.append(Fault(self.number + 1, letter, heading, str(words)))

    def cell(self, column: str) -> str:
        return self.cells.get(column, "")

    def line(self, skills: Mapping[str, str], today: date) -> RollLine | None:
        name = self._checked("name", lambda cell: text.name_line(cell, limit=80))
        resident_id = self._number(
            "resident_id",
            lambda cell: identifiers.parse_resident_id(cell, today=today).value,
        )
        phone = self._number("phone", lambda cell: identifiers.parse_phone(cell).text)
        if self.is_whole and not resident_id and not phone:
            self.fault(
                "resident_id" if "resident_id" in self.places else "phone",
                _("Neither a resident id nor a phone: a name alone could be anybody’s."),
            )
        certificate = self._skills("certificate", skills)
        if len(certificate) > 1:
            self.fault("certificate", _("One certificate a line: give the others on the desk."))
        line = RollLine(
            name=name,
            resident_id=resident_id,
            phone=phone,
            role=self._role(),
            skills=self._skills("skills", skills),
            certificate=certificate[0] if certificate else "",
            number=team_rules.tail_of(self.cell("number")),
            issued_on=self._date("issued_on"),
            expires_on=self._date("expires_on"),
            insured_until=self._date("insured_until"),
        )
        self._check_papers(line, today)
        return line if self.is_whole else None

    def _checked(self, column: str, read: Callable[[str], str]) -> str:
        try:
            return read(self.cell(column))
        except Refused as refusal:
            self.fault(column, in_a_row(refusal.sentence, refusal.hint))
            return ""

    def _number(self, column: str, read: Callable[[str], str]) -> str:
        cell = self.cell(column)
        if not cell:
            return ""
        if _CUT.fullmatch(cell):
            self.fault(
                column,
                _("The spreadsheet has cut this number. Make the column text, type it again."),
            )
            return ""
        return self._checked(column, read)

    def _role(self) -> str:
        cell = folded(self.cell("role"))
        if cell and cell not in _ROLE_OF:
            self.fault("role", _("This role is none of: leader, deputy leader, member."))
        return _ROLE_OF.get(cell, "member")

    def _skills(self, column: str, skills: Mapping[str, str]) -> tuple[str, ...]:
        whole = folded(self.cell(column))
        if whole in skills:
            return (skills[whole],)
        found = []
        for each in _BETWEEN.split(self.cell(column)):
            if not each:
                continue
            code = skills.get(folded(each))
            if code is None:
                self.fault(column, _("There is no skill called “%(name)s”.") % {"name": each})
            else:
                found.append(code)
        return tuple(dict.fromkeys(found))

    def _date(self, column: str) -> date | None:
        cell = self.cell(column)
        day = read_date(cell) if cell else None
        if cell and day is None:
            self.fault(column, _("This is no day: write it as 2022-06-30."))
        return day

    def _check_papers(self, line: RollLine, today: date) -> None:
        if line.certificate and line.issued_on is None and self.is_whole:
            self.fault("certificate", _("A certificate needs the day it was issued."))
        elif line.issued_on is not None:
            try:
                team_rules.check_paper_dates(line.issued_on, line.expires_on, today)
            except Refused as refusal:
                self.fault(refusal.field, in_a_row(refusal.sentence, refusal.hint))
        if line.insured_until is not None and line.insured_until < today:
            self.fault("insured_until", _("This insurance has ended already."))
