"""The Chinese resident id of 18 characters (GB 11643-1999, check character MOD 11-2).

Ours rather than a library's: those tried refuse or crash on ids issued in districts founded since
(临平, 钱塘, 龙港). So an unknown division is a remark, never a refusal. Permanent residents of
foreign nationality (first digit 9) and residents from Hong Kong, Macao and Taiwan (81, 82, 83)
hold numbers of the same form.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Invalid
from honghui.kernel.identifiers.remark import Remark
from honghui.kernel.text import fold_digits

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_AGE_YEARS_MAX = 150
_TYPED_CHARACTERS_MAX = 64


class Sex(StrEnum):
    """As the last digit of the serial number tells it: odd is male."""

    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True, slots=True, repr=False)
class ResidentId:
    """A well-formed id. Printing it anyhow shows the last four characters only.

    value: 18 characters, to be sealed and hashed, never logged (mind dataclasses.asdict).
    region_code: the six digits of the division that issued it.
    """

    value: str
    birth_on: date
    region_code: str
    sex: Sex
    warnings: tuple[Remark, ...] = field(default=())

    @property
    def last_four(self) -> str:
        return self.value[-4:]

    @property
    def masked(self) -> str:
        return "*" * 14 + self.last_four

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"ResidentId({self.masked})"


def parse_resident_id(
    text: str,
    *,
    today: date,
    known_region: Callable[[str], bool] | None = None,
    field: str = "resident_id",
) -> ResidentId:
    """Check an id as typed: full-width and lower-case x are folded, blanks and dashes dropped.

    known_region: whether six digits name a division, of any year; if not, the result carries the
    remark "resident_id.region_unknown". Raises Invalid "resident_id.…": empty, old, length,
    characters, birth_date, birth_in_future, check.
    """
    value = re.sub(r"[\s-]", "", fold_digits(text[:_TYPED_CHARACTERS_MAX])).upper()
    _check_form(value, field)
    birth_on = _birth_date(value[6:14], today, field)
    weighed = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, value[:17], strict=True))
    if _CHECK_CHARACTERS[weighed % 11] != value[17]:
        raise _refused(
            "check",
            _("The id number has a typing mistake: its last character does not fit the others."),
            _("Compare it with the card, digit by digit."),
            field,
        )
    region_code = value[:6]
    warnings: tuple[Remark, ...] = ()
    if known_region is not None and not known_region(region_code):
        sentence = _("The first six digits are not a division we know.")
        warnings = (Remark("resident_id.region_unknown", sentence),)
    sex = Sex.MALE if int(value[16]) % 2 else Sex.FEMALE
    return ResidentId(value, birth_on, region_code, sex, warnings)


def _check_form(value: str, field: str) -> None:
    if not value:
        raise _refused("empty", _("The id number is missing."), "", field)
    if re.fullmatch("[0-9]{15}", value):
        raise _refused(
            "old",
            _("This is an old id number of 15 digits, no longer valid since 2013."),
            _("Ask for the number of 18 characters on the present card."),
            field,
        )
    if len(value) != 18:
        raise _refused(
            "length",
            _("An id number has 18 characters; this one has %(count)s.") % {"count": len(value)},
            _("Compare it with the card."),
            field,
        )
    if re.fullmatch("[0-9]{17}[0-9X]", value) is None:
        raise _refused(
            "characters",
            _("An id number has 17 digits, then a digit or X."),
            _("A spreadsheet may have turned it into 3.3E+17: format the column as text."),
            field,
        )


def _birth_date(digits: str, today: date, field: str) -> date:
    hint = _("Digits 7 to 14 are the date of birth: compare them with the card.")
    wrong = _refused("birth_date", _("The id number contains no real date of birth."), hint, field)
    try:
        birth_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        # Not chained: the original's text would carry part of the number into logs.
        raise wrong from None
    if birth_on > today:
        sentence = _("The date of birth in the id number is in the future.")
        raise _refused("birth_in_future", sentence, hint, field)
    if birth_on.year < today.year - _AGE_YEARS_MAX:
        raise wrong
    return birth_on


def _refused(code: str, sentence: _StrOrPromise, hint: _StrOrPromise, field: str) -> Invalid:
    return Invalid(f"resident_id.{code}", sentence, hint, field=field)
