"""Identifiers that others issue: resident ids, unified social credit codes, telephone numbers.

Each parser folds what a keyboard or a spreadsheet does to a number, checks what the standard lets
us check, and returns a small frozen value. Invalid raised here never contains the value, and the
values of persons print masked, so that neither reaches a log.
"""

from __future__ import annotations

from honghui.kernel.identifiers.credit_code import CreditCode, parse_credit_code
from honghui.kernel.identifiers.phone import PhoneNumber, PhoneType, parse_phone
from honghui.kernel.identifiers.remark import Remark
from honghui.kernel.identifiers.resident_id import ResidentId, Sex, parse_resident_id

__all__ = [
    "CreditCode",
    "PhoneNumber",
    "PhoneType",
    "Remark",
    "ResidentId",
    "Sex",
    "parse_credit_code",
    "parse_phone",
    "parse_resident_id",
]
