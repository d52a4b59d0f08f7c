"""Telephone numbers, kept as E.164 with an optional extension.

Numbers in China are checked by their shape: mobile, landline with area code, 400 and 800. A
foreign number is only checked for being E.164 at all, and says so in a remark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from honghui.kernel.errors import Invalid
from honghui.kernel.identifiers.remark import Remark
from honghui.kernel.text import fold_digits

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_TYPED_CHARACTERS_MAX = 64
_EXTENSION = re.compile(r"(?:转|轉|分机|x|;?ext[.=]?|#)[:\s]*([0-9]{1,6})$", re.IGNORECASE)
_DASHED_EXTENSION = re.compile(r"(?<=[0-9]{7})-([0-9]{1,6})$")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_SERVICE = re.compile(r"[48]00[0-9]{7}")
# Area codes of three digits (010, 02x) go with eight digits, those of four with seven or eight.
_LANDLINE = re.compile(r"(?:10|2[0-57-9])[2-9][0-9]{7}|[3-9](?!00)[0-9]{2}[2-9][0-9]{6,7}")
_FOREIGN = re.compile(r"[1-9][0-9]{6,14}")


class PhoneType(StrEnum):
    """SERVICE: 400 and 800 numbers, which have no area code."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    SERVICE = "service"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True, repr=False)
class PhoneNumber:
    """A number one can dial. Printing it anyhow shows the last four digits only.

    value: E.164, "+8657185051234". extension: digits or "".
    """

    value: str
    type: PhoneType
    extension: str = ""
    warnings: tuple[Remark, ...] = ()

    @property
    def text(self) -> str:
        """The whole of it, as RFC 3966 writes it and parse_phone reads it: "…1234;ext=801"."""
        return f"{self.value};ext={self.extension}" if self.extension else self.value

    @property
    def masked(self) -> str:
        return "*" * (len(self.value) - 5) + self.value[-4:]

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"PhoneNumber({self.masked})"


def parse_phone(text: str, *, field: str = "phone") -> PhoneNumber:
    """Check a number as typed: "138 0013 8000", "(0571)8505-1234转801", "+852 2345 6789".

    Raises Invalid "phone.…": empty, characters, area_code, mobile, not_phone, foreign.
    """
    typed = fold_digits(text[:_TYPED_CHARACTERS_MAX]).strip()
    if not typed:
        raise _refused("empty", _("The telephone number is missing."), "", field)
    found = _EXTENSION.search(typed) or _DASHED_EXTENSION.search(typed)
    extension = found.group(1) if found else ""
    number = re.sub(r"[\s().·-]", "", typed[: found.start()] if found else typed)
    if re.fullmatch(r"\+?[0-9]+", number) is None:
        raise _refused(
            "characters",
            _("A telephone number has only digits, blanks, dashes and brackets."),
            _("Write one number in each field."),
            field,
        )
    number = re.sub("^00(?=[1-9])", "+", number)
    number = re.sub("^86(?=1[3-9][0-9]{9}$)", "+86", number)
    if number.startswith("+") and not number.startswith("+86"):
        return _foreign(number[1:], extension, field)
    national = number.removeprefix("+86")
    return _chinese(national, extension, field, had_country=number != national)


def _chinese(national: str, extension: str, field: str, *, had_country: bool) -> PhoneNumber:
    bare = national.removeprefix("0")
    if _MOBILE.fullmatch(bare):
        return PhoneNumber("+86" + bare, PhoneType.MOBILE, extension)
    if _SERVICE.fullmatch(national):
        return PhoneNumber("+86" + national, PhoneType.SERVICE, extension)
    # Behind +86 the leading 0 of an area code is rightly left out; else it must be there.
    if _LANDLINE.fullmatch(bare) and (had_country or bare != national):
        return PhoneNumber("+86" + bare, PhoneType.LANDLINE, extension)
    if re.fullmatch("[2-9][0-9]{6,7}", national):
        raise _refused(
            "area_code",
            _("The area code is missing."),
            _("Write it in front, for instance 0571 for Hangzhou."),
            field,
        )
    if re.match("1[3-9]", national):
        raise _refused(
            "mobile",
            _("A mobile number has 11 digits; this one has %(count)s.") % {"count": len(national)},
            _("Compare it digit by digit."),
            field,
        )
    raise _refused(
        "not_phone",
        _("This is not a telephone number we know how to dial."),
        _("Write 11 digits of a mobile, an area code and number, or + and the country code."),
        field,
    )


def _foreign(digits: str, extension: str, field: str) -> PhoneNumber:
    if _FOREIGN.fullmatch(digits) is None:
        raise _refused(
            "foreign",
            _("A number abroad is + and then 7 to 15 digits, starting with the country code."),
            _("Leave out the 0 in front of the area code."),
            field,
        )
    sentence = _("A number abroad: only its length was checked.")
    remark = Remark("phone.foreign_unchecked", sentence)
    return PhoneNumber("+" + digits, PhoneType.FOREIGN, extension, (remark,))


def _refused(code: str, sentence: _StrOrPromise, hint: _StrOrPromise, field: str) -> Invalid:
    return Invalid(f"phone.{code}", sentence, hint, field=field)
