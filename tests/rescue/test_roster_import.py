"""A list of members: pasted or uploaded, every fault by row and column, carried out once."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from honghui.kernel.errors import Conflict, Refused
from honghui.kernel.tables import read_pasted
from honghui.registry.models import Person
from honghui.rescue.actions.members import import_roster
from honghui.rescue.models import Insurance, Member, Qualification, RosterImport
from honghui.rescue.queries.rolls import checked_roll
from honghui.rescue.rules.roll import Roll, RollLine, read_date, read_roll
from tests.kernel.test_tables import workbook
from tests.registry.samples import SYSTEM, person, resident_id
from tests.rescue.team_samples import TODAY, a_member, a_team, by_name

SKILLS = {"搜索": "search", "冲锋舟驾驶": "boat", "boat": "boat", "现场急救": "first_aid"}
HEAD = (
    "序号\t姓名\t身份证号\t联系电话\t职务\t特长\t证书名称\t证书编号\t发证日期\t有效期至\t保险到期"
)


def roll(*lines: str, head: str = HEAD) -> Roll:
    return read_roll(read_pasted("\n".join([head, *lines])), skills=SKILLS, today=TODAY)


def line(name: str, serial: int, rest: str = "\t\t\t\t\t\t\t") -> str:
    return f"{serial}\t{name}\t{resident_id(serial)}{rest}"


def test_a_title_above_the_heading_is_passed_over_and_unknown_columns_are_named() -> None:
    read = read_roll(
        read_pasted(f"样例救援队花名册\n{HEAD}\n{line('样例甲', 1)}"), skills=SKILLS, today=TODAY
    )
    assert read.is_good
    assert read.passed_over == ["序号"]
    assert read.rows == [3]


def test_full_width_digits_blanks_and_chinese_dates_are_read() -> None:
    wide = resident_id(2).translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    read = roll(
        f"1\t样例甲\t{wide}\t１３９ ０００ ００００１\t队长\t搜索、冲锋舟驾驶\t冲锋舟驾驶"
        "\t浙A-１２３４\t２０１９年７月１日\t2022/6/30\t2020.12.31"
    )
    assert [fault.words for fault in read.faults] == []
    [one] = read.lines
    assert one.resident_id == resident_id(2)
    assert (one.role, one.skills, one.certificate, one.number) == (
        "leader", ("search", "boat"), "boat", "1234",
    )  # fmt: skip
    assert one.issued_on == date(2019, 7, 1)
    assert one.insured_until == date(2020, 12, 31)


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ("1\t样例甲\t990100199003070018", "C", ""),
        ("1\t\t990100199003070019", "B", ""),
        ("1\t样例甲", "C", "只凭姓名"),
        ("1\t样例甲\t9.90E+17", "C", "截短"),
        ("1\t样例甲\t\t12345", "D", ""),
        ("1\t样例甲\t\t13900000001\t皇帝", "E", "职务"),
        ("1\t样例甲\t\t13900000001\t\t杂耍", "F", "杂耍"),
        ("1\t样例甲\t\t13900000001\t\t\tboat", "G", "发证日期"),
        ("1\t样例甲\t\t13900000001\t\t\tboat\t\t2018-01-01\t2020-01-01", "J", "过期"),
        ("1\t样例甲\t\t13900000001\t\t\tboat\t\t2030-01-01", "I", "将来"),
        ("1\t样例甲\t\t13900000001\t\t\tboat\t\t2018-13-01", "I", "日期"),
        ("1\t样例甲\t\t13900000001\t\t\t\t\t\t\t2019-01-01", "K", "到期"),
    ],
)
def test_each_fault_names_its_row_and_column(cells: str, column: str, words: str) -> None:
    read = roll(line("样例好", 3), cells)
    assert [one.name for one in read.lines] == ["样例好"]
    assert (read.faults[0].row, read.faults[0].column) == (3, column)
    assert words in read.faults[0].words


def test_the_same_person_twice_is_told_with_the_other_row() -> None:
    read = roll(line("样例甲", 4), line("样例甲", 4))
    assert "2" in read.faults[0].words
    assert read.faults[0].row == 3


@pytest.mark.parametrize("text", ["", "随便\n写写", HEAD, "姓名\n样例甲"])
def test_a_list_without_heading_or_people_is_no_list(text: str) -> None:
    read = read_roll(read_pasted(text), skills=SKILLS, today=TODAY)
    assert not read.is_good
    assert read.faults[0].row == 0


def test_days_are_read_in_every_usual_way_and_no_other() -> None:
    day = date(2022, 6, 3)
    for cell in ("2022-06-03", "2022/6/3", "2022.6.3", "2022年6月3日", "２０２２-０６-０３"):
        assert read_date(cell) == day
    for cell in ("22-06-03", "2022-02-30", "6月3日", "2022", ""):
        assert read_date(cell) is None


# ── carried out ──────────────────────────────────────────────────────────────────────────────


def lines(*serials: int, **values: Any) -> list[RollLine]:
    return [RollLine(f"样例{n}", resident_id(n, born="19800101"), **values) for n in serials]


@pytest.mark.django_db
def test_a_list_is_carried_out_once_whoever_sends_it_again() -> None:
    team = a_team()
    papers = {"certificate": "boat", "issued_on": TODAY, "insured_until": TODAY + timedelta(9)}
    done = import_roster(by=by_name("officer"), team=team, lines=lines(1, 2, 3, **papers))
    assert (done.lines, done.joined) == (3, 3)
    again = import_roster(by=by_name("officer2"), team=team, lines=lines(1, 2, 3, **papers))
    assert again.pk == done.pk
    assert RosterImport.objects.count() == 1
    assert team.members.count() == 3
    assert Qualification.objects.count() == Insurance.objects.count() == 3


@pytest.mark.django_db
def test_a_longer_list_adds_only_who_is_new() -> None:
    team = a_team()
    known = person("样例1", resident_id=resident_id(1, born="19800101"))
    import_roster(by=SYSTEM, team=team, lines=lines(1, 2))
    done = import_roster(by=SYSTEM, team=team, lines=lines(1, 2, 3, skills=("search",)))
    assert (done.lines, done.joined) == (3, 1)
    assert Member.objects.get(team=team, person=known).skills.filter(code="search").exists()
    assert Person.objects.filter(resident_id_hash=known.resident_id_hash).count() == 1


@pytest.mark.django_db
def test_a_resident_id_of_somebody_else_stops_the_whole_list_and_writes_nothing() -> None:
    team = a_team()
    person("样例别人", resident_id=resident_id(5, born="19800101"))
    with pytest.raises(Conflict):
        import_roster(by=SYSTEM, team=team, lines=lines(4, 5, 6))
    assert team.members.count() == 0
    assert RosterImport.objects.count() == 0
    text = "姓名,身份证号\n" + "\n".join(
        f"样例{n},{resident_id(n, born='19800101')}" for n in (4, 5, 6)
    )
    read = checked_roll(read_pasted(text))
    assert [fault.row for fault in read.faults] == [3]


@pytest.mark.django_db
def test_one_person_by_id_and_again_by_phone_is_refused() -> None:
    team = a_team()
    person("样例甲", resident_id=resident_id(7, born="19800101"), phone="13900000077")
    both = [
        RollLine("样例甲", resident_id(7, born="19800101")),
        RollLine("样例甲", phone="13900000077"),
    ]
    with pytest.raises(Refused):
        import_roster(by=SYSTEM, team=team, lines=both)
    assert team.members.count() == 0


@pytest.mark.django_db
def test_a_list_of_two_hundred_asks_no_more_than_one_of_twenty(
    django_assert_max_num_queries: Any,
) -> None:
    team = a_team()
    with django_assert_max_num_queries(45):
        import_roster(by=SYSTEM, team=team, lines=lines(*range(100, 300)))


# ── on the desk ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_desk_looks_first_and_then_carries_out(sign_in: Any) -> None:
    team, client = a_team(), sign_in("officer")
    path = f"/desk/teams/{team.pk}/members/import/"
    pasted = f"姓名\t身份证号\n样例甲\t{resident_id(11)}\n样例乙\t{resident_id(12)}"
    looked = client.post(path, {"once": "d" * 32, "pasted": pasted})
    assert looked.status_code == 200
    assert "2人" in looked.content.decode()
    assert resident_id(11) not in looked.content.decode().split("<textarea")[0]
    assert team.members.count() == 0
    done = client.post(path, {"once": "d" * 32, "pasted": pasted, "carry_out": "1"})
    assert done.status_code == 302
    assert team.members.count() == 2
    twice = client.post(path, {"once": "d" * 32, "pasted": pasted, "carry_out": "1"})
    assert twice.status_code == 302
    assert team.members.count() == 2


@pytest.mark.django_db
def test_a_workbook_with_merged_cells_is_told_where(sign_in: Any) -> None:
    def write(_book: Any, sheet: Any) -> None:
        sheet.write_row("A1", ["姓名", "身份证号", "职务"])
        sheet.write_row("A2", ["样例甲", resident_id(13)])
        sheet.write_row("A3", ["样例乙", resident_id(14)])
        sheet.merge_range("C2:C3", "队员")

    team = a_team()
    file = SimpleUploadedFile("名册.xlsx", workbook(write))
    answer = sign_in("officer").post(
        f"/en/desk/teams/{team.pk}/members/import/",
        {"once": "e" * 32, "file": file, "carry_out": "1"},
    )
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "merged with another" in shown
    assert "C · 职务" in shown
    assert team.members.count() == 0


@pytest.mark.django_db
def test_a_file_that_is_no_table_says_what_to_do(sign_in: Any) -> None:
    team = a_team()
    file = io.BytesIO(b"PK\x03\x04 nonsense")
    file.name = "a.xlsx"
    answer = sign_in("officer").post(
        f"/en/desk/teams/{team.pk}/members/import/", {"once": "f" * 32, "file": file}
    )
    assert answer.status_code == 422
    assert "cannot be read as a table" in answer.content.decode()


@pytest.mark.django_db
def test_what_is_exported_can_be_looked_at_but_holds_no_id(sign_in: Any) -> None:
    member = a_member(a_team())
    text = sign_in("officer").get(f"/desk/teams/{member.team_id}/members.csv").content.decode()
    assert member.person.name in text
    assert resident_id(1)[:6] not in text
