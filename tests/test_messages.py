"""Every sentence has its Chinese; and the tool that says so, on a small made-up house.

Needs no database: sentences are read from the source, translations from the catalogues.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tools import messages

SHORT = (
    "This password is too short. It must contain at least %d character.",
    "This password is too short. It must contain at least %d characters.",
)
MANY = ("%(n)s found", "%(n)s found in all")


# ── our own house ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("folder", messages.folders(), ids=lambda folder: folder.name)
def test_every_sentence_has_its_chinese(folder: Path) -> None:
    assert list(messages.wrong_in(folder)) == []


def test_a_sentence_has_one_translation_in_the_whole_house() -> None:
    assert list(messages.contradictions(messages.folders())) == []


# ── a made-up house ──────────────────────────────────────────────────────────────────────────


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A package with one folder that says something, and one that says nothing."""
    (tmp_path / "__init__.py").write_text("")
    for name in ("shop", "cellar"):
        (tmp_path / name / "templates").mkdir(parents=True)
        (tmp_path / name / "__init__.py").write_text("")
    (tmp_path / "not_a_folder_of_the_house").mkdir()
    (tmp_path / "shop" / "words.py").write_text(
        "from django.utils.translation import gettext as _, pgettext\n"
        'GREETING = _("Good morning, %(name)s.")\n'
        'DOOR = pgettext("a door", "Open")\n'
        'silent = "nobody translates this"\n'
    )
    (tmp_path / "shop" / "templates" / "page.html").write_text(
        "        {% load i18n %}\n"
        '    <h1>{% translate "It\'s open" %}</h1>\n'
        "  <p>{% blocktranslate trimmed count n=found|length %}\n"
        "      {{ n }} found\n"
        "    {% plural %}{{ n }} found in all{% endblocktranslate %}</p>\n"
        '      {% empty _("Nothing here") %}\n'
        '   {% blocktranslate %}Go <a href="{{ url }}">home</a>{% endblocktranslate %}\n'
    )
    return tmp_path


@pytest.fixture
def shop(house: Path) -> Path:
    return house / "shop"


def translate(folder: Path, words: dict[str, str], *, fuzzy: bool = False) -> None:
    """As an editor would: into the catalogue, by hand."""
    path = messages.catalogue_path(folder)
    catalogue = messages.read(path)
    for message in messages.real(catalogue):
        single = message.id[0] if isinstance(message.id, tuple | list) else message.id
        if single in words:
            chinese = words[single]
            message.string = (chinese,) if isinstance(message.id, tuple | list) else chinese
            message.flags |= {"fuzzy"} if fuzzy else set()
    messages.write(path, catalogue)


def chinese_of(folder: Path, sentence: str, context: str | None = None) -> str:
    message = messages.read(messages.catalogue_path(folder)).get(sentence, context)
    return messages.forms(message)[0] if message else "not there"


ALL = {
    "Good morning, %(name)s.": "%(name)s，早上好。",
    "Open": "打开",
    "It's open": "开着",
    "%(n)s found": "找到%(n)s个",
    "Nothing here": "这里没有",
    'Go <a href="%(url)s">home</a>': '<a href="%(url)s">回首页</a>',
}


def test_folders_are_the_packages_and_may_be_chosen(house: Path) -> None:
    assert [each.name for each in messages.folders(package=house)] == ["cellar", "shop"]
    assert [each.name for each in messages.folders(["shop"], house)] == ["shop"]
    with pytest.raises(SystemExit, match="No such folder: attic"):
        messages.folders(["attic"], house)


def test_sentences_are_found_in_python_and_in_templates(shop: Path) -> None:
    found = {(message.id, message.context) for message in messages.real(messages.said(shop))}
    assert found == {
        ("Good morning, %(name)s.", None),
        ("Open", "a door"),
        ("It's open", None),
        (MANY, None),
        ("Nothing here", None),
        ('Go <a href="%(url)s">home</a>', None),
    }


def test_a_file_that_cannot_be_read_is_named(shop: Path) -> None:
    (shop / "templates" / "broken.html").write_text("{% blocktranslate %}{% if x %}{% endif %}")
    with pytest.raises(SystemExit, match=r"broken\.html"):
        messages.said(shop)


def test_an_update_writes_every_sentence_once_and_the_same_bytes_again(shop: Path) -> None:
    messages.update(shop)
    path = messages.catalogue_path(shop)
    text = path.read_text("utf-8")
    assert text.startswith(messages.HEADER)
    assert text.count('#: shop/templates/page.html\nmsgid "Nothing here"') == 1
    stamp = path.stat().st_mtime_ns
    messages.update(shop)
    assert path.read_text("utf-8") == text
    assert path.stat().st_mtime_ns == stamp, "an unchanged catalogue is not written again"


def test_a_folder_that_says_nothing_gets_no_catalogue(house: Path) -> None:
    messages.update(house / "cellar")
    assert not messages.catalogue_path(house / "cellar").exists()
    assert messages.check([house / "cellar"]) == []


def test_an_update_keeps_what_was_translated_and_remarked(shop: Path) -> None:
    messages.update(shop)
    translate(shop, ALL)
    path = messages.catalogue_path(shop)
    remarked = path.read_text("utf-8").replace(
        "#: shop/templates", "# of a shelf\n#: shop/templates"
    )
    path.write_text("# Ours, by hand.\n" + remarked)
    (shop / "more.py").write_text('_("One more")\n')
    messages.update(shop)
    for sentence, chinese in ALL.items():
        context = "a door" if sentence == "Open" else None
        assert chinese_of(shop, sentence, context) == chinese
    assert chinese_of(shop, "One more") == ""
    text = path.read_text("utf-8")
    assert text.startswith("# Ours, by hand.\n" + messages.HEADER)
    assert text.count("# of a shelf") == remarked.count("# of a shelf") > 0


def test_words_are_put_away_with_their_sentence_and_come_back_with_it(shop: Path) -> None:
    messages.update(shop)
    translate(shop, ALL)
    code = (shop / "words.py").read_text()
    (shop / "words.py").write_text("")
    messages.update(shop)
    messages.update(shop)
    text = messages.catalogue_path(shop).read_text("utf-8")
    assert '#~ msgid "Good morning, %(name)s."' in text
    assert messages.check([shop]) == []
    (shop / "words.py").write_text(code)
    messages.update(shop)
    assert chinese_of(shop, "Good morning, %(name)s.") == "%(name)s，早上好。"
    assert chinese_of(shop, "Open", "a door") == "打开"
    assert "#~" not in messages.catalogue_path(shop).read_text("utf-8")


def test_to_forget_drops_what_was_put_away(shop: Path) -> None:
    messages.update(shop)
    translate(shop, ALL)
    (shop / "words.py").write_text("")
    messages.forget(shop)
    assert "#~" not in messages.catalogue_path(shop).read_text("utf-8")
    assert chinese_of(shop, "It's open") == "开着"


def test_a_sentence_that_gains_a_plural_keeps_its_words(shop: Path) -> None:
    (shop / "words.py").write_text('_("%(n)s box")\n')
    messages.update(shop)
    translate(shop, {"%(n)s box": "%(n)s箱"})
    (shop / "words.py").write_text('ngettext("%(n)s box", "%(n)s boxes", n)\n')
    messages.update(shop)
    found = messages.read(messages.catalogue_path(shop)).get("%(n)s box")
    assert found is not None
    assert found.id == ("%(n)s box", "%(n)s boxes")
    assert found.string == ("%(n)s箱",)


def test_compiled_words_are_those_of_the_catalogue(shop: Path) -> None:
    messages.update(shop)
    translate(shop, ALL)
    messages.compile_folder(shop)
    binary = messages.catalogue_path(shop).with_suffix(".mo")
    with binary.open("rb") as file:
        compiled = read_mo(file)
    found = compiled.get("It's open")
    assert found is not None and found.string == "开着"
    stamp = binary.stat().st_mtime_ns
    messages.compile_folder(shop)
    assert binary.stat().st_mtime_ns == stamp
    assert [each.name for each in binary.parent.iterdir() if each.name.startswith(".")] == []


def test_a_folder_without_a_catalogue_compiles_to_nothing(house: Path) -> None:
    messages.compile_folder(house / "cellar")
    assert not (house / "cellar" / "locale").exists()


def test_sentences_of_libraries_stand_in_the_catalogue_of_the_whole_house(house: Path) -> None:
    catalogue = messages.new_catalogue()
    catalogue.add(SHORT, ("密码太短，至少%d个字符。",))
    catalogue.add("Django never said this.", "Django从没说过。")
    messages.write(messages.catalogue_path(house), catalogue)
    chosen = messages.folders([house.name], house)
    assert chosen == [house]
    assert messages.check(chosen) == [
        f"{house.name}: nobody says this any more, --update puts it away: 'Django never said this.'"
    ]
    messages.update(house)
    assert messages.check(chosen) == []
    assert chinese_of(house, SHORT[0]) == "密码太短，至少%d个字符。"


# ── what the check sees ──────────────────────────────────────────────────────────────────────


def test_a_whole_catalogue_has_nothing_wrong(shop: Path) -> None:
    messages.update(shop)
    translate(shop, ALL)
    assert messages.check([shop]) == []


def test_the_check_names_what_is_missing(shop: Path) -> None:
    assert len(messages.check([shop])) == 6, "without a catalogue, everything"
    messages.update(shop)
    translate(shop, {**ALL, "Nothing here": ""})
    assert messages.check([shop]) == ["shop: not translated: 'Nothing here'"]


def test_the_check_names_what_is_only_a_guess(shop: Path) -> None:
    messages.update(shop)
    translate(shop, ALL)
    translate(shop, {"Nothing here": "这里没有"}, fuzzy=True)
    assert messages.check([shop]) == ["shop: not translated: 'Nothing here'"]
    messages.update(shop)
    assert messages.check([shop]) == ["shop: not translated: 'Nothing here'"]


def test_the_check_names_what_nobody_says(shop: Path) -> None:
    messages.update(shop)
    translate(shop, ALL)
    (shop / "words.py").write_text("")
    lines = messages.check([shop])
    assert len(lines) == 2
    assert all("nobody says this any more" in line for line in lines)


def test_the_same_sentence_may_not_be_translated_twice(house: Path, shop: Path) -> None:
    (house / "cellar" / "words.py").write_text('_("Nothing here")\npgettext("a tin", "Open")\n')
    for folder in (shop, house / "cellar"):
        messages.update(folder)
    translate(shop, ALL)
    translate(house / "cellar", {"Nothing here": "什么也没有", "Open": "启封"})
    assert messages.check([shop, house / "cellar"]) == [
        "shop and cellar differ: 'Nothing here': 这里没有 / 什么也没有"
    ]


@pytest.mark.parametrize(
    ("english", "chinese", "fault"),
    [
        ("Hello, %(name)s", "你好", "the argument name is lost"),
        ("Hello", "你好，%(name)s", "the argument name is unknown"),
        (MANY, ("找到",), "the argument n is lost"),
        (MANY, ("找到%(n)s个", "找到%(n)s个"), "Chinese has one form"),
        (MANY, "找到%(n)s个", "Chinese has one form"),
        ("Found", ("找到",), "Chinese has one form"),
        ("%(n)s%%", "%(n)s% 够了", "a % is written %%"),
        (SHORT, ("密码太短。",), "a place for a value is lost"),
        ("<b>No</b>", "不", "the tags differ"),
        ('<a href="%(url)s">Go</a>', '<a href="%(rul)s">走</a>', "the argument url is lost"),
        ("Saved", "Saved", "there is no Chinese in it"),
        ("You", "您", "the reader is 你"),
        ("Saved.", "已保存.", "punctuation is full-width"),
        ("One, two", "一,二", "punctuation is full-width"),
        ("Say “yes”", '说"好"', "quotation marks"),
        ("12 boxes", "12 箱", "no blank beside Latin or digits"),
        ("%(n)s boxes", "共 %(n)s箱", "no blank beside Latin or digits"),
        ("Done. Go on.", "办好了。 继续。", "no blank beside punctuation"),
        ("Wait…", "等一等...", "an ellipsis is"),
        ("Wait…", "等一等…", "an ellipsis is"),
    ],
)
def test_the_check_knows_what_breaks_a_page_and_what_reads_badly(
    english: str | tuple[str, ...], chinese: str | tuple[str, ...], fault: str
) -> None:
    found = list(messages.faults(Message(english, chinese)))
    assert any(fault in each for each in found), found


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (MANY, ("找到%(n)s个",)),
        ("<i>One,</i> <i>two</i>", "<i>一、</i><i>二</i><i>三</i>"),
        ("Red Cross · Zhejiang", "红会 · 浙江"),
        ("a = b + c", "收到 = 已用 + 在手"),
        ("Wait…", "等一等……"),
        ("Write 12,846.00.", "写成12,846.00。"),
        ("%(n)s", "%(n)s"),
        ("Load: honghui divisions load.", "先载入：honghui divisions load。"),
    ],
)
def test_the_check_lets_good_chinese_pass(
    english: str | tuple[str, ...], chinese: str | tuple[str, ...]
) -> None:
    assert list(messages.faults(Message(english, chinese))) == []


# ── the command ──────────────────────────────────────────────────────────────────────────────


def test_the_command_runs_each_task_on_the_folders_named(
    house: Path, shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    everywhere = messages.folders
    monkeypatch.setattr(messages, "folders", lambda names: everywhere(names, house))
    (house / "cellar" / "words.py").write_text('_("Dark")\n')
    assert messages.main(["--update", "shop"]) == 0
    assert not messages.catalogue_path(house / "cellar").exists()
    assert messages.main([]) == 1
    assert "cellar: not translated: 'Dark'" in capsys.readouterr().out
    translate(shop, ALL)
    assert messages.main(["--check", "shop"]) == 0
    assert messages.main(["--compile"]) == 0
    assert messages.catalogue_path(shop).with_suffix(".mo").exists()
    assert messages.main(["--forget", "shop"]) == 0
    with pytest.raises(SystemExit):
        messages.main(["--destroy"])


def test_others_can_read_what_the_tool_writes(shop: Path) -> None:
    """Plain gettext files, with the header other programs need."""
    messages.update(shop)
    with messages.catalogue_path(shop).open("rb") as file:
        catalogue = read_po(file)
    assert catalogue.charset == "utf-8"
    assert catalogue.num_plurals == 1
    assert str(catalogue.locale_identifier) == messages.LANGUAGE
