"""The unified social credit code of organisations, 18 characters (GB 32100-2015).

The check character comes from python-stdnum. Its format check is not used: it wants eight leading
digits, but village collectives, who do give, are registered under "N" by the agriculture offices.
Characters 9 to 17 are the older organisation code with a check of its own (GB 11714); codes in
use break it now and then, so that is a remark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc

from honghui.kernel.errors import Invalid
from honghui.kernel.identifiers.remark import Remark
from honghui.kernel.text import fold_digits

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_LETTERS = "A-HJ-NPQRTUWXY"
_FORM = re.compile(f"[0-9{_LETTERS}]{{2}}[0-9]{{6}}[0-9{_LETTERS}]{{10}}")
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_TYPED_CHARACTERS_MAX = 64


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A well-formed code. Codes of organisations are public and print in full."""

    value: str
    warnings: tuple[Remark, ...] = ()

    @property
    def registrar(self) -> str:
        """Who registers: "1" staffing office, "5" civil affairs, "9" market regulation, …"""
        return self.value[0]

    @property
    def division_code(self) -> str:
        """Six digits: the division of the registering office."""
        return self.value[2:8]

    @property
    def organisation_code(self) -> str:
        """Nine characters: the organisation itself, check character last."""
        return self.value[8:17]

    def __str__(self) -> str:
        return self.value


def parse_credit_code(text: str, *, field: str = "credit_code") -> CreditCode:
    """Check a code as typed: full-width and lower case are folded, blanks and dashes dropped.

    Raises Invalid "credit_code.…": empty, length, letters, characters, check.
    """
    value = re.sub(r"[\s-]", "", fold_digits(text[:_TYPED_CHARACTERS_MAX])).upper()
    if not value:
        raise _refused("empty", _("The credit code is missing."), "", field)
    if len(value) != 18:
        raise _refused(
            "length",
            _("A credit code has 18 characters; this one has %(count)s.") % {"count": len(value)},
            _("Compare it with the registration certificate."),
            field,
        )
    if re.search("[IOSVZ]", value):
        raise _refused(
            "letters",
            _("A credit code never contains the letters I, O, S, V or Z."),
            _("Perhaps they are the digits 1, 0, 5 or 2."),
            field,
        )
    if _FORM.fullmatch(value) is None:
        raise _refused(
            "characters",
            _("A credit code has only digits and capital letters, with digits in places 3 to 8."),
            _("Compare it with the registration certificate."),
            field,
        )
    if uscc.calc_check_digit(value) != value[17]:
        raise _refused(
            "check",
            _("The credit code has a typing mistake: its last character does not fit the others."),
            _("Compare it with the registration certificate."),
            field,
        )
    return CreditCode(value, _remarks(value[8:17]))


def _remarks(organisation_code: str) -> tuple[Remark, ...]:
    weighed = sum(
        weight * _ORGANISATION_ALPHABET.index(character)
        for weight, character in zip(_ORGANISATION_WEIGHTS, organisation_code[:8], strict=True)
    )
    if "0X987654321"[weighed % 11] == organisation_code[8]:
        return ()
    sentence = _("Characters 9 to 17 fail the check for an organisation code.")
    return (Remark("credit_code.organisation_check", sentence),)


def _refused(code: str, sentence: _StrOrPromise, hint: _StrOrPromise, field: str) -> Invalid:
    return Invalid(f"credit_code.{code}", sentence, hint, field=field)
