"""All ids here are impossible: 990100 is no division. The credit codes are published samples."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from honghui.kernel.errors import Invalid
from honghui.kernel.identifiers import (
    PhoneType,
    Sex,
    parse_credit_code,
    parse_phone,
    parse_resident_id,
)

TODAY = date(2020, 6, 24)
SAMPLE = "990100199003070019"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def impossible_id(birth_on: str, serial: str) -> str:
    body = "990100" + birth_on + serial
    weighed = sum(w * int(digit) for w, digit in zip(WEIGHTS, body, strict=True))
    return body + "10X98765432"[weighed % 11]


def with_x() -> str:
    ids = (impossible_id("19900307", f"{serial:03d}") for serial in range(100))
    return next(each for each in ids if each.endswith("X"))


def test_a_resident_id_tells_birth_division_and_sex() -> None:
    resident = parse_resident_id(SAMPLE, today=TODAY)
    assert resident.value == SAMPLE
    assert resident.birth_on == date(1990, 3, 7)
    assert resident.region_code == "990100"
    assert resident.sex is Sex.MALE
    assert resident.warnings == ()
    assert parse_resident_id(impossible_id("19900307", "002"), today=TODAY).sex is Sex.FEMALE


def test_full_width_small_x_and_blanks_are_folded() -> None:
    value = with_x()
    assert parse_resident_id(value.lower(), today=TODAY).value == value
    typed = " ９９０１００ １９９００３０７ ００１９\u3000"
    assert parse_resident_id(typed, today=TODAY).value == SAMPLE


def test_a_resident_id_never_prints_itself() -> None:
    resident = parse_resident_id(SAMPLE, today=TODAY)
    for shown in (str(resident), repr(resident), f"{resident}", f"{[resident]!r}"):
        assert "0019" in shown
        assert "19900307" not in shown
        assert "990100" not in shown


def test_an_unknown_division_is_a_remark_only() -> None:
    resident = parse_resident_id(SAMPLE, today=TODAY, known_region=lambda code: False)
    assert [each.code for each in resident.warnings] == ["resident_id.region_unknown"]
    assert str(resident.warnings[0].sentence)
    known = parse_resident_id(SAMPLE, today=TODAY, known_region=lambda code: code == "990100")
    assert known.warnings == ()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("　", "empty"),
        ("990100900307001", "old"),
        ("9901001990030700", "length"),
        (SAMPLE + "1", "length"),
        ("99010019900307001A", "characters"),
        ("X90100199003070019", "characters"),
        ("٩90100199003070019", "characters"),
        (impossible_id("19900230", "001"), "birth_date"),
        (impossible_id("00000307", "001"), "birth_date"),
        (impossible_id("18000307", "001"), "birth_date"),
        (impossible_id("20200625", "001"), "birth_in_future"),
        ("990100199003070018", "check"),
        ("990100199003070091", "check"),
    ],
)
def test_a_wrong_resident_id_is_refused_without_being_repeated(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_resident_id(typed, today=TODAY, field="id_number")
    assert refused.value.code == f"resident_id.{code}"
    assert refused.value.field == "id_number"
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    if typed.strip():
        assert typed not in f"{refused.value} {refused.value.args}"


def test_a_child_born_today_has_an_id() -> None:
    born = parse_resident_id(impossible_id("20200624", "001"), today=TODAY)
    assert born.birth_on == TODAY


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999))
def test_every_well_formed_id_passes_and_every_single_slip_is_noticed(
    birth_on: date, serial: int
) -> None:
    value = impossible_id(f"{birth_on:%Y%m%d}", f"{serial:03d}")
    assert parse_resident_id(value, today=TODAY).birth_on == birth_on
    for place in range(17):
        slipped = f"{value[:place]}{(int(value[place]) + 1) % 10}{value[place + 1 :]}"
        with pytest.raises(Invalid):
            parse_resident_id(slipped, today=TODAY)


@pytest.mark.parametrize("sample", ["53640000MJX173680A", "53640000MJX173672F"])
def test_published_credit_codes_pass(sample: str) -> None:
    code = parse_credit_code(sample.lower())
    assert code.value == str(code) == sample
    assert (code.registrar, code.division_code) == ("5", "640000")
    assert code.organisation_code == sample[8:17]
    assert code.warnings == ()


def test_a_village_collective_registered_under_n_passes() -> None:
    code = parse_credit_code("N2990100MF0000005N")
    assert (code.registrar, code.warnings) == ("N", ())


def test_a_broken_organisation_check_is_a_remark_only() -> None:
    code = parse_credit_code("N2990100MF0000001A")
    assert [each.code for each in code.warnings] == ["credit_code.organisation_check"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("53640000MJX17368", "length"),
        ("53640000MJX1736801", "check"),
        ("5364O000MJX173680A", "letters"),
        ("5364000AMJX173680A", "characters"),
        ("53640000MJX17368-A0", "check"),
        ("53640000MJX17368红A", "characters"),
    ],
)
def test_a_wrong_credit_code_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_credit_code(typed)
    assert refused.value.code == f"credit_code.{code}"


@pytest.mark.parametrize(
    ("typed", "value", "type_", "extension"),
    [
        ("13800138000", "+8613800138000", PhoneType.MOBILE, ""),
        ("１３８ ００１３－８０００", "+8613800138000", PhoneType.MOBILE, ""),
        ("+86 138-0013-8000", "+8613800138000", PhoneType.MOBILE, ""),
        ("0086 13800138000", "+8613800138000", PhoneType.MOBILE, ""),
        ("8613800138000", "+8613800138000", PhoneType.MOBILE, ""),
        ("013800138000", "+8613800138000", PhoneType.MOBILE, ""),
        ("0571-85051234", "+8657185051234", PhoneType.LANDLINE, ""),
        ("（0571）8505 1234", "+8657185051234", PhoneType.LANDLINE, ""),
        ("+86 571 8505 1234", "+8657185051234", PhoneType.LANDLINE, ""),
        ("+86 (0)571 8505 1234", "+8657185051234", PhoneType.LANDLINE, ""),
        ("010-65124447", "+861065124447", PhoneType.LANDLINE, ""),
        ("0575-85051234转801", "+8657585051234", PhoneType.LANDLINE, "801"),
        ("0575-85051234-801", "+8657585051234", PhoneType.LANDLINE, "801"),
        ("0575 85051234 ext. 801", "+8657585051234", PhoneType.LANDLINE, "801"),
        ("0871-3456789", "+868713456789", PhoneType.LANDLINE, ""),
        ("400-650-1234", "+864006501234", PhoneType.SERVICE, ""),
        ("+852 2345 6789", "+85223456789", PhoneType.FOREIGN, ""),
        ("0041 22 730 42 22", "+41227304222", PhoneType.FOREIGN, ""),
    ],
)
def test_a_telephone_number_is_read_as_typed(
    typed: str, value: str, type_: PhoneType, extension: str
) -> None:
    phone = parse_phone(typed)
    assert (phone.value, phone.type, phone.extension) == (value, type_, extension)
    assert parse_phone(phone.text) == phone
    assert phone.text == (f"{value};ext={extension}" if extension else value)
    assert bool(phone.warnings) == (type_ is PhoneType.FOREIGN)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("85051234", "area_code"),
        ("1380013800", "mobile"),
        ("138001380000", "mobile"),
        ("12345678901", "not_phone"),
        ("0100-123", "not_phone"),
        ("57185051234", "not_phone"),
        ("13800138000、13800138001", "characters"),
        ("王会计", "characters"),
        ("+852 12", "foreign"),
        ("+0571 85051234", "foreign"),
    ],
)
def test_a_wrong_telephone_number_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_phone(typed)
    assert refused.value.code == f"phone.{code}"
    assert not typed or typed not in str(refused.value)


def test_a_telephone_number_prints_its_last_four_digits() -> None:
    phone = parse_phone("13800138000")
    assert str(phone).endswith("8000")
    assert "13800" not in f"{phone} {phone!r}"


@given(st.text(max_size=80) | st.text("0123456789+-()xX 转", max_size=24))
def test_no_identifier_parser_breaks(text: str) -> None:
    with suppress(Invalid):
        phone = parse_phone(text)
        assert parse_phone(phone.value).value == phone.value
    with suppress(Invalid):
        parse_resident_id(text, today=TODAY)
    with suppress(Invalid):
        parse_credit_code(text)
