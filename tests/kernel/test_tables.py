"""Tables that people paste or upload: what is read, and what is refused."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as some

from honghui.kernel.errors import Invalid
from honghui.kernel.tables import column_letter, read_file, read_pasted


def workbook(write: Any) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        write(book, book.add_worksheet())
    return out.getvalue()


@pytest.mark.parametrize("mark", ["\t", ",", ";", "，"])
def test_cells_are_parted_by_what_parts_the_first_line(mark: str) -> None:
    grid = read_pasted(f"姓名{mark}电话\r\n样例甲{mark} 1 \n\n")
    assert grid.rows == (("姓名", "电话"), ("样例甲", "1"))


def test_quoted_cells_keep_their_commas_and_line_ends() -> None:
    assert read_pasted('a,b\n"x, y","z\nw"').rows[1] == ("x, y", "z\nw")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_files_are_read_as_chinese_spreadsheets_save_them(encoding: str) -> None:
    assert read_file("姓名,电话\n样例甲,1".encode(encoding)).rows[1] == ("样例甲", "1")


def test_a_workbook_gives_days_whole_numbers_and_says_what_is_merged() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.merge_range("A1:C1", "样例队花名册")
        sheet.write_row("A2", ["姓名", "日期", "数"])
        sheet.write("A3", "样例甲")
        sheet.write_datetime("B3", date(2020, 6, 24), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_number("C3", 13900000001)
        sheet.merge_range("A4:A5", "样例乙")

    grid = read_file(workbook(write))
    assert grid.rows[2] == ("样例甲", "2020-06-24", "13900000001")
    assert (4, 0) in grid.merged
    assert (3, 0) not in grid.merged


def test_a_number_too_long_for_a_spreadsheet_cannot_pass_for_one() -> None:
    grid = read_file(workbook(lambda _b, sheet: sheet.write_number("A1", 990100199003070019)))
    assert grid.rows == (("9.90E+17",),)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 not a zip", "tables.unreadable"),
        (b"\xd0\xcf\x11\xe0 not a workbook", "tables.unreadable"),
        (b"\xff\xfe\x00\xff" * 9, "tables.unreadable"),
        (b"a" * 5_000_001, "tables.too_large"),
        (("a\n" * 5_001).encode(), "tables.too_large"),
        (("a," * 61).encode(), "tables.too_large"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_file(content)
    assert refused.value.code == code


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused_unread() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 61_000_000)
    assert len(out.getvalue()) < 100_000
    with pytest.raises(Invalid) as refused:
        read_file(out.getvalue())
    assert refused.value.code == "tables.too_large"


def test_columns_are_named_as_a_spreadsheet_names_them() -> None:
    assert [column_letter(n) for n in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


@given(some.binary(max_size=400))
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    try:
        read_file(content)
    except Invalid:
        return


@given(some.text(max_size=400))
def test_no_text_crashes_the_reader_and_every_row_is_as_wide(text: str) -> None:
    try:
        grid = read_pasted(text)
    except Invalid:
        return
    assert len({len(row) for row in grid.rows}) <= 1
