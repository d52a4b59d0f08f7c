"""What a list of people must be, and who of them is known already.

A line needs a resident id or a phone: a name alone could be anybody's. A resident id finds its
owner; a phone finds whoever has it under the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from honghui.kernel import clock, identifiers, subject_keys
from honghui.kernel.errors import Conflict, Invalid, Refused
from honghui.registry.models import Person

ROLL_MAX = 2000


@dataclass(frozen=True)
class Listed:
    """One line. Prints no value: it may stand in an error."""

    name: str
    resident_id: str = ""
    phone: str = ""

    def __repr__(self) -> str:
        return "Listed(…)"


def check_roll(people: Sequence[Listed]) -> list[Listed]:
    """The lines, their numbers as they are kept. Invalid "registry.roll.…" names the line, from 1:
    too_long, nobody, twice; or what is wrong with a number."""
    if len(people) > ROLL_MAX:
        raise Invalid(
            "registry.roll.too_long",
            _("The list has more than %(most)s lines.") % {"most": ROLL_MAX},
            _("Split it, and send one part after the other."),
        )
    seen: dict[tuple[str, str], int] = {}
    lines = []
    for number, each in enumerate(people, 1):
        line = _checked(each, number)
        key = (line.resident_id, "") if line.resident_id else (line.name, line.phone)
        if key in seen:
            raise Invalid(
                "registry.roll.twice",
                _("Lines %(first)s and %(second)s are the same person.")
                % {"first": seen[key], "second": number},
                _("Take one of them out."),
            )
        seen[key] = number
        lines.append(line)
    return lines


def _checked(each: Listed, number: int) -> Listed:
    if not each.resident_id.strip() and not each.phone.strip():
        raise Invalid(
            "registry.roll.nobody",
            _("Line %(number)s has neither a resident id nor a phone.") % {"number": number},
            _("A name alone could be anybody’s: add one of them."),
        )
    try:
        resident_id = each.resident_id.strip()
        if resident_id:
            resident_id = identifiers.parse_resident_id(resident_id, today=clock.today()).value
        phone = each.phone.strip()
        if phone:
            phone = identifiers.parse_phone(phone).text
    except Refused as error:
        words = {"number": number, "why": error.sentence}
        raise Invalid(
            error.code, _("Line %(number)s: %(why)s") % words, error.hint, field=error.field
        ) from error
    return replace(each, name=" ".join(each.name.split()), resident_id=resident_id, phone=phone)


def find_listed(lines: Sequence[Listed]) -> list[Person | None]:
    """The person of each line, None where nobody is known by it. At most two queries. Conflict
    "registry.person.id_has_other_name" where a resident id stands under another name."""
    by_id = _by_hash("resident_id", [one.resident_id for one in lines if one.resident_id])
    phones = [one.phone for one in lines if one.phone and not one.resident_id]
    by_phone = _by_hash("phone", [_number_of(each) for each in phones])
    found: list[Person | None] = []
    for number, line in enumerate(lines, 1):
        if line.resident_id:
            person = next(iter(by_id.get(line.resident_id, [])), None)
            _require_same_name(person, line, number)
        else:
            same = by_phone.get(_number_of(line.phone), [])
            person = next((one for one in same if one.name == line.name), None)
        found.append(person)
    return found


def _number_of(phone: str) -> str:
    return identifiers.parse_phone(phone).value


def _by_hash(kind: str, values: list[str]) -> dict[str, list[Person]]:
    hashes = {one: value for value in values for one in subject_keys.look_up_hashes(kind, value)}
    if not hashes:
        return {}
    field = f"{kind}_hash"
    found: dict[str, list[Person]] = {}
    rows = Person.objects.filter(**{f"{field}__in": list(hashes)}, merged_into=None, erased_at=None)
    for person in rows.order_by("registered_at", "id"):
        found.setdefault(hashes[bytes(getattr(person, field))], []).append(person)
    return found


def _require_same_name(person: Person | None, line: Listed, number: int) -> None:
    """Another name under a known id: a typing error or a false id. Nobody learns whose it is."""
    if person is not None and person.name != line.name:
        raise Conflict(
            "registry.person.id_has_other_name",
            _("Line %(number)s: this resident id is already registered under another name.")
            % {"number": number},
            _("Check the card again. If it is right, ask an administrator to look into it."),
        )
