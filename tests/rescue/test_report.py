"""A report writes itself, a second person releases it, its record is audited, and nobody is known
from it. What was released stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from honghui.audit.auditing import audit_records
from honghui.journal.models import Act
from honghui.kernel import clock
from honghui.kernel.actors import Actor
from honghui.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from honghui.ledger.placing import begin_epoch, place_all
from honghui.record.schemas import reread
from honghui.record.statements import Correction, RescueSummary
from honghui.rescue.actions.claims import note_claim, remove_claim
from honghui.rescue.actions.reports import (
    draft_report,
    redraft_report,
    release_report,
    withdraw_report,
)
from honghui.rescue.models import Claim, Incident, RescueReport, TaskResult
from honghui.rescue.papers.report import report_csv, report_pdf
from honghui.rescue.queries.report import report_page
from honghui.rescue.reporting.record import seal_of
from honghui.rescue.rules.report import private_in
from tests.documents.reading import page_count, words
from tests.ledger.books import log
from tests.rescue import cases
from tests.rescue.cases import at

AsActor = Callable[..., Actor]
pytestmark = pytest.mark.django_db


@pytest.fixture
def province(as_actor: AsActor) -> Actor:
    return as_actor("province")


@pytest.fixture
def editor(as_actor: AsActor) -> Actor:
    return as_actor("editor")


def released(incident: Incident, writes: Actor, releases: Actor, **more: Any) -> RescueReport:
    report = draft_report(by=writes, incident=incident, **more)
    return release_report(by=releases, report=report, seen=seal_of(report))


def told(report: RescueReport, language: str = "zh-hans", public: bool = True) -> str:
    with translation.override(language):
        words = report_page(report, public=public).words
        return "\n".join([words.headline, words.text, *(one.text for one in words.findings)])


# What it says.


def test_the_report_of_wenling_in_chinese(province: Actor) -> None:
    text = told(draft_report(by=province, incident=cases.wenling()))
    for sentence in (
        "2020年6月13日约16:40", "3支红十字救援队出动177人：温岭92人、永嘉50人、永康35人。",
        "温岭：第1批17:00到场，第2批18:00到场，撤离时间未载。",
        "永嘉：约21:00到场，6月14日约05:00奉命撤离。",
        "永康：约23:00到场，6月14日约06:00奉命撤离。",
        "装备车1、货车2、救护车1、救援车2，共6", "永康的车辆未载。", "携带装备：生命探测仪。",
        "任务：温岭、永嘉承担搜索；永康承担护送就医、疏导交通。",
        "只有把温岭装备车1辆、温岭货车2辆也算作救援车，5才成立。",
        "来源把温岭的2批都叫作“第二批”", "撤离时间：温岭未载。",
    ):  # fmt: skip
        assert sentence in text, sentence


def test_the_report_of_wenling_in_english(province: Actor) -> None:
    text = told(draft_report(by=province, incident=cases.wenling()), "en")
    for sentence in (
        "13 June 2020, about 16:40",
        "3 Red Cross rescue teams turned out with 177 people: "
        "Wenling 92 people, Yongjia 50 people, Yongkang 35 people.",
        "Wenling: batch 1 arrived 17:00, batch 2 arrived 18:00, when it withdrew is not told.",
        "Yongjia: arrived about 21:00, ordered to withdraw 14 June, about 05:00.",
        "5 holds only if these count as rescue vehicles too: "
        "Wenling: equipment vehicles 1, Wenling: trucks 2.",
        "When they withdrew: not told of Wenling.",
    ):
        assert sentence in text, sentence


def test_the_report_of_henan_does_not_make_up_the_hour_of_the_return(as_actor: AsActor) -> None:
    incident = cases.henan()
    with clock.at(at("2021-07-29 09:00")):
        report = draft_report(by=as_actor("officer"), incident=incident)
    text = told(report)
    assert "绍兴市红十字救援队出动25人。" in text
    assert "17:00出发，7月24日约09:00到场，7月28日（时刻未载）归建。" in text
    assert "16小时" in text and "6天5夜" in text
    assert "超过4天7小时" in text and "不到5天7小时" in text
    assert "28 July, hour not told" in told(report, "en")


# Two persons.


def test_a_second_person_releases_it_and_the_audit_adds_it_up(
    province: Actor, editor: Actor
) -> None:
    report = released(cases.wenling(), province, editor)
    assert (report.state, report.released_by_id) == ("released", editor.account_id)
    place_all(begin_epoch())
    records = log()
    (summary,) = [one for one in map(reread, records) if isinstance(one, RescueSummary)]
    assert (summary.place, summary.people.value, summary.people.qualifier) == (
        "331081", 177, "exact"
    )  # fmt: skip
    assert [team.people.value for team in summary.teams] == [92, 50, 35]
    assert {one.kind: one.count.value for one in summary.things} == {
        "vehicle.ambulance": 1, "vehicle.equipment": 1, "vehicle.rescue": 2, "vehicle.truck": 2
    }  # fmt: skip
    assert report.record_id is not None and report.record_id.hex == summary.id
    assert not audit_records(records).findings


def test_nobody_releases_what_they_wrote(province: Actor) -> None:
    report = draft_report(by=province, incident=cases.wenling())
    with pytest.raises(Refused):
        release_report(by=province, report=report)
    report.refresh_from_db()
    assert (report.state, report.record_id) == ("draft", None)


def test_an_editor_releases_and_does_not_write(editor: Actor) -> None:
    with pytest.raises((NotAllowed, NotFound)):
        draft_report(by=editor, incident=cases.wenling())
    assert not RescueReport.objects.exists()


def test_a_stranger_to_the_society_neither_writes_nor_releases(
    province: Actor, as_actor: AsActor
) -> None:
    incident = cases.incident("330400", "样例险情", "2020-06-13 16:40")
    with pytest.raises(NotFound):
        draft_report(by=as_actor("officer"), incident=incident)
    # The society above sees it, and it is the other's to report.
    with pytest.raises(NotAllowed):
        draft_report(by=province, incident=incident)
    assert not RescueReport.objects.exists()


def test_what_changed_since_it_was_counted_is_not_released(province: Actor, editor: Actor) -> None:
    incident = cases.wenling()
    report = draft_report(by=province, incident=incident)
    incident.missions.filter(people=35).update(people=36)
    with pytest.raises(Conflict) as refused:
        release_report(by=editor, report=report)
    assert refused.value.code == "rescue.report.changed"
    again = redraft_report(by=province, report=report)
    assert release_report(by=editor, report=again, seen=seal_of(again)).state == "released"
    assert from_counts(again) == 178


def from_counts(report: RescueReport) -> int:
    return int(report.contents["people"][0])


def test_another_content_than_was_shown_is_not_released(province: Actor, editor: Actor) -> None:
    report = draft_report(by=province, incident=cases.wenling())
    with pytest.raises(Conflict):
        release_report(by=editor, report=report, seen="0" * 64)


def test_a_report_without_a_team_is_refused(province: Actor) -> None:
    with pytest.raises(Conflict) as refused:
        draft_report(by=province, incident=cases.incident("330000", "样例", "2020-06-13 16:40"))
    assert refused.value.code == "rescue.report.no_team"


def test_a_draft_at_a_time_and_once_for_a_form_sent_twice(province: Actor) -> None:
    incident = cases.wenling()
    by = province.with_once("0" * 32)
    first = draft_report(by=by, incident=incident)
    assert draft_report(by=by, incident=incident) == first
    with pytest.raises(Conflict) as refused:
        draft_report(by=province, incident=incident)
    assert refused.value.code == "rescue.report.drafted_already"


# What was released stays.


def test_a_new_number_takes_the_place_of_the_old_and_the_log_says_so(
    province: Actor, editor: Actor
) -> None:
    incident = cases.wenling()
    first = released(incident, province, editor)
    incident.missions.filter(people=35).update(people=36)
    with pytest.raises(Invalid) as refused:
        draft_report(by=province, incident=incident)
    assert refused.value.field == "correction_reason"
    second = released(incident, province, editor, correction_reason="amount")
    assert (second.number, second.corrects_id) == (2, first.pk)
    first.refresh_from_db()
    assert (first.state, from_counts(first)) == ("released", 177)
    place_all(begin_epoch())
    records = log()
    (note,) = [one for one in map(reread, records) if isinstance(one, Correction)]
    assert first.record_id and (note.of, note.reason) == (first.record_id.hex, "amount")
    summaries = [one for one in map(reread, records) if isinstance(one, RescueSummary)]
    assert len({one.call_out for one in summaries}) == 1
    assert not audit_records(records).findings


def test_what_was_released_cannot_be_changed_by_anybody(province: Actor, editor: Actor) -> None:
    report = released(cases.wenling(), province, editor)
    row = RescueReport.objects.filter(pk=report.pk)
    for change in ({"contents": {}}, {"as_of": at("2020-06-14 00:00")}, {"note": "改过"},
                   {"number": 7}, {"state": "draft", "released_at": None}):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()


def test_a_released_report_is_withdrawn_openly_and_only_once(
    province: Actor, editor: Actor
) -> None:
    report = released(cases.wenling(), province, editor)
    withdraw_report(by=editor, report=report, reason="与指挥部通报不一致，先撤下核对。")
    report.refresh_from_db()
    assert report.state == "withdrawn" and report.record_id
    with pytest.raises(Conflict):
        withdraw_report(by=editor, report=report, reason="与指挥部通报不一致，先撤下核对。")


# Nobody is known from it.


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("联系13900000001", "phone"), ("电话：１３９ ０００００００１", "phone"),
        ("+86 139-0000-0001", "phone"), ("0575-85123456", "landline"),
        ("身份证990100197602040023", "resident_id"), ("车牌浙J·A1234", "plate"),
        ("位置28.372412,121.386543", "point"), ("写信到 a@example.org", "mail"),
        ("感谢 王 样例 队员", "name"),
    ],
)  # fmt: skip
def test_a_hostile_reader_finds_nobody(text: str, kind: str) -> None:
    assert kind in private_in([text], ["王样例"])


@pytest.mark.parametrize(
    "text",
    ["2020年6月13日约16:40", "共177人、车6辆", "G15沈海高速", "第1234567890号记录", "28.5小时"],
)
def test_times_and_numbers_are_nobodys(text: str) -> None:
    assert private_in([text], ["王样例"]) == []


def test_a_report_with_somebodys_name_or_phone_is_not_even_drafted(province: Actor) -> None:
    incident = cases.wenling()
    person = cases.responder(incident.missions.get(people=50)).person
    for note in (f"感谢{person.name}", "值班13900000001"):
        with pytest.raises(Conflict) as refused:
            draft_report(by=province, incident=incident, note=note)
        assert (refused.value.code, refused.value.field) == ("rescue.report.private", "note")
        assert person.name not in str(refused.value) and "1390000" not in str(refused.value)
    Incident.objects.filter(pk=incident.pk).update(title=f"寻找{person.name}")
    incident.refresh_from_db()
    with pytest.raises(Conflict):
        draft_report(by=province, incident=incident)
    assert not RescueReport.objects.exists()


def test_few_people_are_under_a_number_and_cannot_be_worked_out(
    province: Actor, editor: Actor
) -> None:
    incident = cases.wenling()
    incident.missions.filter(people=35).update(people=4)
    Claim.objects.filter(incident=incident).delete()
    TaskResult.objects.create(
        task=incident.missions.get(people=50).tasks.all()[0], measure="found", value=3,
        unit="person",
    )  # fmt: skip
    report = released(incident, province, editor)
    text = told(report)
    assert "永康不足10人" in text and "不足152人" in text and "搜救出不足10人" in text
    assert "永康4人" in told(report, public=False)
    place_all(begin_epoch())
    records = log()
    (summary,) = [one for one in map(reread, records) if isinstance(one, RescueSummary)]
    assert [(team.people.value, team.people.qualifier) for team in summary.teams][2] == (
        10, "under"
    )  # fmt: skip
    assert not audit_records(records).findings


def test_the_journal_holds_no_text_of_the_report(province: Actor) -> None:
    draft_report(by=province, incident=cases.wenling(), note="样例附言")
    act = Act.objects.get(verb="rescue.report.drafted")
    assert "样例附言" not in str(act.after)


# Published numbers.


def test_a_published_number_is_noted_as_it_was_said_and_taken_back(province: Actor) -> None:
    incident = cases.wenling()
    claim = note_claim(
        by=province, incident=incident, measure="vehicles", value=6, told_as="共6辆车",
        source="第370期",
    )  # fmt: skip
    assert (claim.unit, claim.qualifier) == ("vehicle", "exact")
    remove_claim(by=province, claim=claim, reason="看错了，来源没有这句话。")
    assert not Claim.objects.filter(pk=claim.pk).exists()
    for wrong in ({"measure": "loss"}, {"value": -1}, {"told_as": " "}):
        facts = {"measure": "people", "value": 1, "told_as": "一人", "source": "样例", **wrong}
        with pytest.raises(Invalid):
            note_claim(by=province, incident=incident, **facts)


# Paper.


@pytest.mark.parametrize(("language", "said"), [
    ("zh-hans", ("救援情况报告", "177人", "未载", "已发布")),
    ("en", ("Report of a rescue", "177 people", "not told", "Released")),
])  # fmt: skip
def test_the_paper_says_what_the_page_says_on_one_sheet(
    province: Actor, editor: Actor, language: str, said: tuple[str, ...]
) -> None:
    report = released(cases.wenling(), province, editor)
    with translation.override(language):
        page = report_page(report, public=True)
        pdf = report_pdf(page)
        assert report_pdf(report_page(report, public=True)) == pdf
    for one in said:
        assert "".join(one.split()) in words(pdf), one
    assert page_count(pdf) == 1


def test_the_table_is_ready_for_a_spreadsheet(province: Actor) -> None:
    report = draft_report(by=province, incident=cases.wenling())
    lines = report_csv(report_page(report, public=True)).decode("utf-8-sig").splitlines()
    assert len(lines) == 5 and lines[1].startswith("wenling-rescue,")
    assert "未载" in lines[1]
