"""Rolls of sample teams: people who exist nowhere, as many as a team needs.

A name is a surname and a number (赵队员01), so that nobody can be taken for a real person. Resident
ids begin with 990100, an area that was never assigned, and their check characters are right;
telephone numbers are counted up from 13900001001.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from stdnum.cn import ric

from honghui.rescue.rules.roll import RollLine

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章"
_FIRST_BIRTHDAY = date(1975, 3, 1)
_FIRST_PHONE = 139_0000_1000
_BIRTHDAYS = 7_000
# Skills of which a paper is kept: of the first of somebody's, the one on the list.
_WITH_PAPERS = ("first_aid", "medic", "nurse", "psychologist", "swift_water", "driver_b")


def sample_person(number: int) -> tuple[str, str, str]:
    """(name, resident id, phone) of the sample person `number`, from 1."""
    born = _FIRST_BIRTHDAY + timedelta(days=number * 37 % _BIRTHDAYS)
    body = f"990100{born:%Y%m%d}{number % 1000:03}"
    name = f"{_SURNAMES[number % len(_SURNAMES)]}队员{number:02}"
    return name, body + ric.calc_check_digit(f"{body}0"), str(_FIRST_PHONE + number)


def roll(
    first: int, count: int, *, skills: tuple[tuple[str, ...], ...], insured_until: date
) -> list[RollLine]:
    """`count` people from number `first`; skills are dealt out in turn. A leader, two deputies."""
    roles = {0: "leader", 1: "deputy", 2: "deputy"}
    lines = []
    for place in range(count):
        name, resident_id, phone = sample_person(first + place)
        dealt = skills[place % len(skills)]
        papered = next((each for each in dealt if each in _WITH_PAPERS), "")
        papers = _paper(papered, place) if papered else {}
        lines.append(
            RollLine(
                name=name,
                resident_id=resident_id,
                phone=phone,
                role=roles.get(place, "member"),
                skills=dealt,
                insured_until=insured_until,
                **papers,
            )
        )
    return lines


def _paper(skill: str, place: int) -> dict[str, Any]:
    """A certificate of the last three years, and good for three."""
    issued_on = date(2018, 3, 1) + timedelta(days=place * 11 % 800)
    return {
        "certificate": skill,
        "number": f"{place:04}",
        "issued_on": issued_on,
        "expires_on": issued_on.replace(year=issued_on.year + 3),
    }
