"""The page that checks a proof without our server: one file, saved and opened from the disk.

    from honghui.tlog.offline_page import offline_page
    Path("check.html").write_text(offline_page(), "utf-8")

Nothing is fetched: the page's own policy forbids every address, and names by hash the two scripts
and the one style it may run. The scripts are the same verify.js and refusals.js that the site
serves, without their import and export lines. @noble/ed25519 is a script of its own, so that an
old engine that cannot read it still runs the rest; only its last line is changed, into a return.
The look comes from the site's tokens.css, read as a file: no code reaches upward.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from honghui.tlog.errors import CouldNotCheck

PACKAGE = Path(__file__).resolve().parent
PARTS = PACKAGE / "offline"
MODULES = (
    PACKAGE / "static/tlog/refusals.js",
    PACKAGE / "static/tlog/verify.js",
    PARTS / "picture.js",
    PARTS / "page.js",
)
NOBLE = PACKAGE / "static/vendor/noble-ed25519/index.js"
TOKENS = PACKAGE.parent / "ui/static/ui/css/tokens.css"

_IMPORT = re.compile(r"^import [^;]+;\n|^export \{[^}]*\};\n", re.M)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class)\b)", re.M)
_NOBLE_EXPORT = re.compile(r"^export (\{[^}]+\});\s*\Z", re.M)
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_BOTH = re.compile(r"\[\[(.+?)\|\|(.+?)\]\]", re.S)


def offline_page() -> str:
    """The whole page. Raises CouldNotCheck when a file of it was not collected."""
    style = _style(_text(TOKENS) + _text(PARTS / "page.css"))
    noble, module = _noble(_text(NOBLE)), _module()
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {_hash(noble)} {_hash(module)}",
            f"style-src {_hash(style)}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        ]
    )
    page = _BOTH.sub(_both, _text(PARTS / "page.template"))
    for name, part in (("policy", policy), ("style", style), ("noble", noble), ("module", module)):
        page = page.replace(f"<!--{name}-->", part)
    return page


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        raise CouldNotCheck(
            "A part of the offline page is missing.",
            "Collect the front-end files: python tools/frontend.py",
            where=path.name,
        ) from error


def _style(css: str) -> str:
    return re.sub(r"\s+", " ", _COMMENT.sub("", css)).strip()


def _module() -> str:
    """The modules one after the other, in one scope: none declares a name of another's."""
    code = "\n".join(_EXPORT.sub("", _IMPORT.sub("", _text(path))) for path in MODULES)
    return _script(f"\n{code}")


def _noble(code: str) -> str:
    body, found = _NOBLE_EXPORT.subn(r"return \1;", code)
    assert found == 1, "noble-ed25519 no longer ends in its export"
    return _script(f'\nfunction nobleEd25519() {{\n"use strict";\n{body}\n}}\n')


def _script(code: str) -> str:
    assert "</script" not in code and "<!--" not in code, "the page would end its script early"
    return code


def _hash(code: str) -> str:
    return f"'sha256-{b64encode(sha256(code.encode()).digest()).decode()}'"


def _both(sentence: re.Match[str]) -> str:
    zh, en = sentence.groups()
    return f'<span class="t" lang="zh-CN">{zh}</span><span class="t" lang="en">{en}</span>'
