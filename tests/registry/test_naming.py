"""What the journal says has words for people, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

import honghui
from honghui.journal.models import Act
from honghui.kernel.actors import VISITOR, system_actor
from honghui.registry import naming
from honghui.registry.templatetags.registry import actor_words

SOURCE = Path(honghui.__path__[0])


def _said(pattern: str) -> Iterator[str]:
    for path in SOURCE.rglob("*.py"):
        yield from re.findall(pattern, path.read_text("utf-8"))


def test_every_verb_has_words_and_no_words_are_left_over() -> None:
    verbs = {*_said(r'@action\("([^"]+)"\)'), *_said(r'"((?:registry|access)\.[a-z_]+\.[a-z_]+)"')}
    assert {*_said(r'@action\("(registry[^"]+)"\)')} <= set(naming.VERBS)
    assert set(naming.VERBS) - {"access.refused"} <= verbs


def test_the_system_has_a_name_whatever_it_works_as() -> None:
    assert set(_said(r'system_actor\("([^"]+)"\)')) == set(naming.SYSTEM_ACTORS)


@pytest.mark.parametrize(
    ("name", "chinese", "english"),
    [
        ("honghui world load", "示例世界", "The sample world"),
        ("honghui up", "服务器：启动", "The server: start-up"),
        ("an older name", "服务器", "The server"),
    ],
)
def test_the_system_is_named_in_the_readers_language(name: str, chinese: str, english: str) -> None:
    act = Act(actor_name=system_actor(name).name)
    for language, words in (("zh-hans", chinese), ("en", english)):
        with translation.override(language):
            assert str(actor_words(act)) == words
    assert actor_words(Act(actor_name=VISITOR.name)) == ""


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "words"), [("", "示例世界"), ("/en", "The sample world")])
def test_no_act_on_the_desk_shows_a_raw_name(
    sign_in: Callable[[str], Client], path: str, words: str
) -> None:
    page = sign_in("administrator").get(f"{path}/desk/acts/").content.decode()
    assert words in page
    assert "honghui world load" not in page
