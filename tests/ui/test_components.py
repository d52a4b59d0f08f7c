"""Every tag renders, in both languages, escapes what it is given, and says in words what it draws.
Forms: sent once, refused in their own words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import Context, engines
from django.test import RequestFactory
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from honghui.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, SignInAgain
from honghui.ui import specimen_form, specimens
from honghui.ui.components import lists, pictures, text
from honghui.ui.figures import Segment, TapeStep, bar_pieces, gantt, sankey, tape_rows
from honghui.ui.forms import Form, posted
from honghui.ui.templatetags import ui

TEMPLATES = Path(ui.__file__).resolve().parents[1] / "templates" / "ui"
HOSTILE = "<script>alert(1)</script>\"'&"
NOW = datetime(2020, 6, 24, 1, 0, tzinfo=UTC)


def render(source: str, **context: Any) -> str:
    template = engines["django"].from_string(source)
    return str(template.template.render(Context(context)))


# One use of every tag, with hostile text wherever text goes.
USES: dict[str, tuple[str, dict[str, Any]]] = {
    "mark": ("{% mark %}", {}),
    "yuan": ("{% yuan 1 True %}", {}),
    "count": ("{% count 3 x %}", {}),
    "when": ('{% when now "long" %}', {"now": NOW}),
    "day": ("{% day now %}", {"now": NOW.date()}),
    "asof": ("{% asof at=now record=48211 scope=x late=x %}", {"now": NOW}),
    "state": ('{% state "used" x %}', {}),
    "seal": ("{% seal x %}", {}),
    "source": ("{% source x %}", {}),
    "phrases": ("{% phrases x %}", {}),
    "hash": ("{% hash x x %}", {}),
    "note": ("{% note x x True %}", {}),
    "crumbs": ("{% crumbs items %}", {"items": [(HOSTILE, "/"), (HOSTILE, "")]}),
    "kv": ("{% kv items %}", {"items": [(HOSTILE, HOSTILE)]}),
    "checks": ("{% checks items %}", {"items": [lists.Check(HOSTILE, HOSTILE, True)]}),
    "eyes": ("{% eyes eye eye %}", {"eye": lists.Eye(HOSTILE, HOSTILE, HOSTILE, True)}),
    "steps": ("{% steps items %}", {"items": [HOSTILE]}),
    "ladder": ("{% ladder items 0 %}", {"items": [HOSTILE, "b"]}),
    "entries": (
        "{% entries items %}",
        {"items": [lists.Entry(HOSTILE, "/", HOSTILE, HOSTILE, "used", HOSTILE)]},
    ),
    "tree": (
        "{% tree items x %}",
        {"items": [lists.Branch(HOSTILE, "/", HOSTILE, [lists.Branch(HOSTILE)])]},
    ),
    "tabs": ("{% tabs items x %}", {"items": [lists.Tab(HOSTILE, "/", True, 3)]}),
    "thirds": ("{% thirds items %}", {"items": [(177, HOSTILE)]}),
    "keys": ("{% keys items %}", {"items": [(HOSTILE, "J K")]}),
    "empty": ("{% empty x x '/' x %}", {}),
    "bar": ("{% bar items x %}", {"items": [Segment("used", 1, HOSTILE)]}),
    "sums": ("{% sums 1 items %}", {"items": [Segment("used", 1, HOSTILE)]}),
    "progress": ("{% progress 1 2 x %}", {}),
    "tape": ("{% tape items 9 %}", {"items": [TapeStep(HOSTILE, HOSTILE, 9, 0, say=HOSTILE)]}),
    "sankey": ("{% sankey flows %}", {"flows": specimens.flows()}),
    "gantt": ("{% gantt bands %}", {"bands": specimens.time_bands()}),
    "chart": (
        '{% chart x "bar" table %}',
        {"table": pictures.Table([HOSTILE, "b"], [(HOSTILE, [(1.5, HOSTILE)])], HOSTILE)},
    ),
    "tile_map": ("{% tile_map grid %}", {"grid": specimens.cities()}),
    "shape_map": (
        "{% shape_map grid shapes %}",
        {"grid": specimens.cities(), "shapes": specimens.shapes()},
    ),
    "map": ("{% map grid %}", {"grid": specimens.cities()}),
    "field": ("{% field form.amount %}", {"form": specimen_form.form()}),
    "form_errors": ("{% form_errors form %}", {"form": specimen_form.form()}),
    "form": ("{% form form submit=x %}", {"form": specimen_form.form()}),
    "pager": ("{% pager page %}", {"page": Paginator(range(90), 10).page(3)}),
    "flash": ("{% flash %}", {"messages": [Message(constants.ERROR, HOSTILE)]}),
}


def test_every_tag_is_tried_here() -> None:
    assert set(USES) == set(ui.register.tags)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("tag", USES)
def test_a_tag_renders_and_lets_no_markup_through(tag: str, language: str) -> None:
    source, context = USES[tag]
    with override(language):
        html = render(source, x=HOSTILE, **context)
    assert html.strip()
    assert "<script" not in html and "alert(1)</" not in html
    assert 'style="' not in html and " on" + "click" not in html


@pytest.mark.parametrize("tag", ["sankey", "gantt", "chart", "tile_map", "shape_map"])
def test_every_picture_is_also_a_table(tag: str) -> None:
    source, context = USES[tag]
    html = render(source, x="x", **context)
    assert "<table" in html and "<caption" in html


def test_the_style_guide_shows_every_tag() -> None:
    source = "".join(path.read_text("utf-8") for path in (TEMPLATES / "styleguide").glob("*.html"))
    # A form shows its fields and errors; {% map %} draws tiles here.
    inside = {"field", "form_errors", "tile_map"}
    for tag in set(ui.register.tags) - inside:
        assert f"{{% {tag} " in source, tag


def test_the_style_guide_is_a_page_in_both_languages(client: Any, db: None) -> None:
    for language, word in (("zh-hans", "样张"), ("en", "Specimens")):
        with override(language):
            answer = client.get(reverse("styleguide"))
        assert answer.status_code == 200
        assert "%%" not in answer.text and "%(" not in answer.text
        assert f'<h1 class="gap">{word}' in answer.text


# ── words and numbers ────────────────────────────────────────────────────────────────────────
def test_an_amount_keeps_its_fen_and_its_true_minus() -> None:
    assert str(text.yuan(-122_000)) == '<span class="n">−1,220<span class="fen">.00</span></span>'


def test_what_is_not_known_is_never_a_zero() -> None:
    with override("en"):
        assert "not known" in text.yuan(None)
        assert "not known" in text.count(None)
        assert "not known" in text.when(None)
        assert "not known" in text.day(None)


@pytest.mark.parametrize(
    ("language", "long", "moment"),
    [
        ("zh-hans", "2020年6月24日 星期三", "2020年6月24日09:00"),
        ("en", "Wednesday 24 June 2020", "24 June 2020, 09:00"),
    ],
)
def test_days_and_moments_are_written_as_each_language_writes_them(
    language: str, long: str, moment: str
) -> None:
    with override(language):
        assert f">{long}<" in text.day(date(2020, 6, 24))
        assert f">{moment}<" in text.when(NOW)


def test_units_are_words_of_the_language() -> None:
    with override("en"):
        assert "1,200 pieces" in text.count(1200, "piece")
    with override("zh-hans"):
        assert "1,200件" in text.count(1200, "piece")


def test_the_total_is_underlined_twice_only_when_it_agrees() -> None:
    parts = [Segment("used", 30, "a"), Segment("held", 70, "b")]
    with override("en"):
        assert 'class="r"' in pictures.sums(100, parts)
        wrong = pictures.sums(101, parts)
    assert 'class="r"' not in wrong and "Does not agree" in wrong


def test_the_pager_keeps_what_was_asked_for() -> None:
    request = RequestFactory().get("/", {"q": "绍兴", "page": "2"})
    page = Paginator(range(90), 10).page(2)
    html = lists.pager({"request": request}, page)
    assert "?q=%E7%BB%8D%E5%85%B4&amp;page=3" in html and 'rel="next"' in html
    assert lists.pager({}, Paginator(range(3), 10).page(1)) == ""


# ── geometry ─────────────────────────────────────────────────────────────────────────────────
def test_a_bar_is_as_wide_as_its_parts() -> None:
    pieces = bar_pieces([Segment("used", 3, ""), Segment("held", 1, "")])
    assert [(each.x, each.width) for each in pieces] == [("0", "750"), ("750", "250")]
    assert bar_pieces([Segment("used", 0, "")]) == []


def test_the_tape_is_one_pixel_a_yuan_for_a_gift_of_fifty() -> None:
    rows = tape_rows([TapeStep("", "", 280, 1080)], 5000)
    assert (rows[0].money, rows[0].goods) == ("2.8", "10.8")


def test_flows_end_in_a_row_for_every_state() -> None:
    drawn = sankey(specimens.flows())
    assert len(drawn.rows) == 5 and len(drawn.ribbons) == 9
    assert all(path.startswith("M") and path.endswith("z") for path in drawn.ribbons)


def test_a_time_that_the_source_leaves_open_stays_open() -> None:
    spans = gantt(specimens.time_bands()).spans
    assert [span["is_open"] for span in spans] == [True, False, False]
    at_night = gantt(specimens.time_bands(at_night=True))
    assert at_night.now is not None and not any(span["is_open"] for span in at_night.spans)


# ── forms ────────────────────────────────────────────────────────────────────────────────────
class NameForm(Form):
    name = forms.CharField(label=_("Society"), help_text="hint", max_length=5)
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect, required=False)


def post(**data: str) -> HttpRequest:
    return RequestFactory().post("/", data)


def test_a_form_shown_has_a_key_and_keeps_it_when_it_comes_back() -> None:
    shown = NameForm(posted(RequestFactory().get("/")))
    assert len(shown.once_key) == 32 and shown.status == 200
    back = NameForm(posted(post(once=shown.once_key, name="too long a name")))
    assert not back.is_valid() and back.once_key == shown.once_key and back.status == 422
    assert f'name="once" value="{shown.once_key}"' in render("{% form form %}", form=back)


@pytest.mark.parametrize("key", ["", "short", "Z" * 32, HOSTILE])
def test_a_form_without_its_key_is_not_done_and_gets_a_new_one(key: str) -> None:
    form = NameForm(posted(post(once=key, name="x")))
    assert not form.is_valid() and form.non_field_errors()
    assert len(form.once_key) == 32 and form.once_key != key


def test_labels_hints_and_errors_are_tied_to_their_control() -> None:
    form = NameForm(posted(post(once="0" * 32, name="too long a name")))
    html = render("{% field form.name %}", form=form)
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html and 'class="in"' in html
    assert 'id="id_name_helptext"' in html and 'id="id_name_error"' in html
    assert 'for="id_name"' in html


def test_what_is_typed_in_english_says_so() -> None:
    class Named(forms.Form):
        title = forms.CharField()
        title_en = forms.CharField()

    html = render("{% field form.title %}{% field form.title_en %}", form=Named())
    assert html.count('lang="en"') == 1
    assert 'lang="en"' in html.partition('name="title_en"')[2].partition(">")[0]


def test_choices_stand_in_a_fieldset_with_a_legend() -> None:
    html = render("{% field form.kind %}", form=NameForm())
    assert "<fieldset" in html and "<legend>" in html and 'type="radio"' in html


def valid() -> NameForm:
    form = NameForm(posted(post(once="0" * 32, name="x")))
    assert form.is_valid() and form.values == {"name": "x", "kind": ""}
    return form


def test_a_refusal_lands_on_the_field_it_names_with_its_hint() -> None:
    form = valid()
    with form.refusals():
        raise Invalid("x.y", "No.", "Do this.", field="name")
    assert form.errors["name"] == ["No. Do this."] and form.status == 422
    assert form.errors.as_data()["name"][0].code == "x.y"


def test_a_refusal_of_an_unknown_field_lands_on_the_form_with_its_status() -> None:
    form = valid()
    with form.refusals():
        raise Conflict("x.y", "这一对已有人定了。", "重新打开。", field="elsewhere")
    assert form.non_field_errors() == ["这一对已有人定了。重新打开。"] and form.status == 409
    assert not form.is_valid()


@pytest.mark.parametrize("error", [NotFound, NotAllowed, SignInAgain])
def test_what_a_page_answers_passes_through(error: type[Exception]) -> None:
    form = valid()
    with pytest.raises(error), form.refusals():
        raise error("x.y", "No.")
    assert form.status == 200


def test_a_form_prints_whole_through_djangos_own_engine() -> None:
    html = str(NameForm())
    assert 'name="once"' in html and 'class="field"' in html and html.count('name="name"') == 1
