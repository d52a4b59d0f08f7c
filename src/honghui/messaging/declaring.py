"""Templates as jobs declare them: every text that may ever be sent, in both languages.

The one hard idea: a gateway sends no free text. What may be said is declared when the apps are
ready, reviewed by the gateway, and only its variables change. An address may not be a variable:
`{link}` becomes the whole address in the reviewed text, with an unguessable token in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings

from honghui.messaging.rules.texts import as_gateway_body, filled, placeholders_of

ANSWER_PATH = "/answer/{token}/"
LANGUAGES = ("zh", "en")
_DRILL = {"zh": "演练：", "en": "DRILL: "}
_KEYS = {
    "zh": "能来请按1，不能来请按2，人手不够再叫我请按3。",
    "en": " Press 1 to come, 2 if you cannot, 3 to be called only if people are short.",
}
CODE_CHARACTERS_MAX = 27
"""Within the 40 that we keep of a gateway's own, with "TTS_", ".drill" and the language."""
_TOKEN = r"([A-Za-z0-9_-]{8,80})"


@dataclass(frozen=True)
class Declared:
    """`variables`: what the caller fills. {code} and {link} are filled by us."""

    code: str
    texts: Mapping[str, str]
    variables: tuple[str, ...]
    link_path: str

    @property
    def wants_answer(self) -> bool:
        return "{code}" in self.texts["zh"]

    def text(self, language: str, *, is_drill: bool = False, is_spoken: bool = False) -> str:
        """With `{name}` where a variable stands, the link's address written out."""
        text = self.texts[language]
        if is_spoken:
            # Nobody hears an address. What leads up to it goes with it.
            text = re.sub(r"[^。；;.!！\s，,]*[:：]?\s*\{link\}\s*", "", text).strip()
            text += _KEYS[language] if self.wants_answer else ""
        return (_DRILL[language] if is_drill else "") + text.replace("{link}", self.link(language))

    def link(self, language: str) -> str:
        prefix = "/en" if language == "en" else ""
        return f"{settings.ADDRESS}{prefix}{self.link_path}"

    def token_in(self, link: str) -> str:
        """The token of a link to our own page. Any other link is a programmer's error."""
        before, _token, after = self.link_path.partition("{token}")
        found = re.search(re.escape(before) + _TOKEN + re.escape(after) + "?$", link)
        assert found, "a message links to its own page and to no other"
        return found[1]


DECLARED: dict[str, Declared] = {}


def declare_template(
    code: str,
    *,
    zh: str,
    en: str,
    variables: Sequence[str] = (),
    link_path: str = ANSWER_PATH,
) -> None:
    """What a job may send, under a name such as "call_out.asked"; called when its app is ready.

    zh, en: texts in which `{name}` stands for a variable, `{code}` for the message's own short
    code, `{link}` for the address of its answer page.
    """
    declared = Declared(code, {"zh": zh, "en": en}, tuple(variables), link_path)
    known = {*variables, "code", "link"}
    assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)*", code), "a template's name is plain words"
    assert len(code) <= CODE_CHARACTERS_MAX, "a gateway has room for a short name only"
    for language in LANGUAGES:
        names = set(placeholders_of(declared.texts[language]))
        assert names <= known, f"{code} does not declare {sorted(names - known)}"
        assert set(variables) <= names, f"{code} in {language} leaves out a variable"
        assert "【" not in declared.texts[language], "the signature is not the text's"
    DECLARED[code] = declared


def declared_template(code: str) -> Declared:
    assert code in DECLARED, f"the template {code} was never declared"
    return DECLARED[code]


@dataclass(frozen=True)
class Wording:
    """One text as it goes to review. `code`: ours, with the variant: "call_out.asked.drill"."""

    code: str
    language: str
    channel: str
    body: str


def wording_of(code: str, language: str, channel: str, *, is_drill: bool = False) -> Wording:
    declared = declared_template(code)
    text = declared.text(language, is_drill=is_drill, is_spoken=channel == "voice")
    return Wording(code + (".drill" if is_drill else ""), language, channel, as_gateway_body(text))


def all_wordings(channels: Sequence[str]) -> Iterator[Wording]:
    """Everything that needs a review."""
    for code in DECLARED:
        for language in LANGUAGES:
            for channel in channels:
                yield wording_of(code, language, channel)
                yield wording_of(code, language, channel, is_drill=True)


def rendered(
    code: str, language: str, channel: str, values: Mapping[str, str], *, is_drill: bool = False
) -> str:
    """The text a person gets, without the signature. values: with "code" and "token"."""
    declared = declared_template(code)
    text = declared.text(language, is_drill=is_drill, is_spoken=channel == "voice")
    return filled(text, {"code": "", "token": "", **values})


def sign_of(society_code: str) -> str:
    """The signature of a society's text messages, without its brackets."""
    signs = dict(settings.SMS_SIGNS)
    return signs.get(society_code, signs.get("*", ""))


def signed(text: str, society_code: str) -> str:
    """As a text message arrives: the signature in front of it."""
    return f"【{sign_of(society_code)}】{text}"
