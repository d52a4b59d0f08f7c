"""Paper: same words, same bytes; what people are called stays what they are called."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from honghui.documents import fonts as paper_fonts
from honghui.documents.fonts import characters, fonts, printable
from honghui.documents.setting import ROOT, render
from honghui.kernel.errors import CannotRun
from tests.documents.reading import page_count, words

MOMENT = datetime(2020, 6, 12, 2, 30, tzinfo=UTC)
HOSTILE = (
    '#include "/etc/passwd"', "*x*", "_y_", "$z$", "`raw`", "= heading", "// comment", "\\u{41}",
    "#panic()", "@ref <label>", "张*三#", "#{sys.inputs}", "[]{}()", "a\\ b", '"}', "'); x",
)  # fmt: skip


@pytest.fixture
def set_text(tmp_path: Path) -> Any:
    """Sets a paper of one line: the value `words`, in the house's serif."""
    for name in ("documents/house.typ", "ui/static/ui/mark.svg"):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())

    def set_text(
        what: str,
        body: str = "#plain-serif(12pt, values.words) #values.words",
        made_at: datetime = MOMENT,
    ) -> bytes:
        template = tmp_path / "line.typ"
        template.write_text(f'#import "/documents/house.typ": *\n#show: house\n{body}\n')
        return render(template, {"words": what}, made_at=made_at, root=tmp_path)

    return set_text


def test_the_same_words_are_the_same_bytes_and_other_words_are_not(set_text: Any) -> None:
    assert set_text("十元") == set_text("十元")
    assert set_text("十元") != set_text("千元")


def test_the_day_in_the_file_is_the_day_handed_in(set_text: Any) -> None:
    pdf = set_text("十元")
    assert b"D:20200612023000Z" in pdf
    assert pdf != set_text("十元", made_at=MOMENT + timedelta(seconds=1))


def test_the_file_says_that_it_is_made_to_last(set_text: Any) -> None:
    pdf = set_text("十元")
    assert re.search(rb"<pdfaid:part>2</pdfaid:part>", pdf)
    assert re.search(rb"<pdfaid:conformance>B</pdfaid:conformance>", pdf)


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_name_that_looks_like_typst_is_printed_as_typed(set_text: Any, name: str) -> None:
    assert words(set_text(name)) == "".join(name.split()) * 2


@pytest.mark.parametrize("name", ["䶮", "𬭎", "㐂", "𣲗", "喆"])
def test_a_rare_character_of_a_name_does_not_vanish(set_text: Any, name: str) -> None:
    assert words(set_text(name)) == name * 2


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("𠮷田", "〔U+20BB7〕田"),
        ("小\U0001f600", "小〔U+1F600〕"),
        ("a\x00b", "a〔U+0000〕b"),
        ("\ud800", "〔U+D800〕"),
        ("\ue000", "〔U+E000〕"),
    ],
    ids=["beyond the font", "a picture", "nothing", "half a pair", "private"],
)
def test_a_character_no_font_has_is_printed_as_its_code(
    set_text: Any, name: str, printed: str
) -> None:
    assert words(set_text(name)) == printed * 2


def test_values_inside_lists_are_made_printable_too() -> None:
    assert printable({"rows": [("𠮷", 7, None)], "on": True}) == {
        "rows": [["〔U+20BB7〕", 7, None]],
        "on": True,
    }
    assert printable("两\n行") == "两\n行"


def test_serif_and_sans_know_every_common_character_and_most_rare_ones() -> None:
    assert {*range(0x3400, 0x4DB6), *range(0x4E00, 0x9FF0)} <= characters()
    assert {ord(each) for each in "¥−—〔〕，。（）“”·0123456789ABCabc"} <= characters()


def test_no_font_of_the_machine_is_used() -> None:
    named = {font.family for font in fonts().fonts() if font.path is not None}
    assert named == {"Noto Serif SC", "Noto Sans SC"}


def test_a_missing_font_is_said_before_anything_is_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(paper_fonts, "serif_path", lambda: tmp_path / "gone" / "Serif.otf")
    monkeypatch.setattr(paper_fonts, "sans_path", lambda: tmp_path / "gone" / "Sans.otf")
    fonts.cache_clear()
    try:
        with pytest.raises(CannotRun) as refused:
            fonts()
    finally:
        fonts.cache_clear()
    assert refused.value.code == "documents.no_font"
    assert "Noto Serif SC" in str(refused.value.sentence)


def test_a_template_that_fails_says_where_and_repeats_no_name(
    set_text: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(CannotRun) as failed:
        set_text("王某某", body="#panic(values.words)")
    assert failed.value.code == "documents.not_set"
    assert "line.typ:3:1" in str(failed.value)
    assert "王某某" not in str(failed.value) + caplog.text


def test_a_template_reads_nothing_outside_its_root(set_text: Any) -> None:
    with pytest.raises(CannotRun):
        set_text("x", body='#read("../../../../../../../../etc/hostname")')
    with pytest.raises(AssertionError, match="outside"):
        render(Path("/tmp/other.typ"), {}, made_at=MOMENT)


def test_a_long_text_takes_another_page(set_text: Any) -> None:
    assert page_count(set_text("一二三四五六七八九十" * 400)) > 1


@pytest.mark.parametrize("template", sorted(ROOT.rglob("*.typ")), ids=lambda path: path.name)
def test_no_template_downloads_a_package(template: Path) -> None:
    assert not re.search(r'"@[a-z-]+/', template.read_text("utf-8"))
