"""The fonts of our paper, and which characters they have.

Noto Serif SC and Noto Sans SC come whole from a package (`pylopdf-fonts-zh-cn`), DejaVu Sans Mono
from typst itself. No font of the machine is ever used, so a receipt looks the same everywhere.

A character that neither font has must not vanish: PDF/A refuses an empty box, and a name with a
hole is another name. It is printed as its code, 〔U+20BB7〕, which a reader can look up.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext_lazy as _
from pylopdf_fonts_zh_cn import sans_path, serif_path

from honghui.kernel.errors import CannotRun

SERIF, SANS, MONO = "Noto Serif SC", "Noto Sans SC", "DejaVu Sans Mono"
_LINE_ENDS = "\n"


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """One for each process: to read 20 MB of fonts anew for every paper costs 60 ms.

    Raises CannotRun "documents.no_font": typst itself passes over a missing folder in silence.
    """
    folders = sorted({str(sans_path().parent), str(serif_path().parent)})
    found = typst.Fonts(include_system_fonts=False, font_paths=folders)
    missing = {SERIF, SANS, MONO} - set(found.families())
    if missing:
        raise CannotRun(
            "documents.no_font",
            _("The fonts for paper are not installed: %(names)s.")
            % {"names": ", ".join(sorted(missing))},
            _("Install the locked packages again: pip install -r requirements.lock"),
        )
    return found


def printable(value: Any) -> Any:
    """The same value (text, or lists and dicts of it) with every character that our fonts lack
    written as its code. Line ends stay; so does whatever is no text."""
    if isinstance(value, str):
        known = characters()
        return "".join(
            each if ord(each) in known or each in _LINE_ENDS else f"〔U+{ord(each):04X}〕"
            for each in value
        )
    if isinstance(value, dict):
        return {key: printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [printable(each) for each in value]
    return value


@lru_cache(maxsize=1)
def characters() -> frozenset[int]:
    """The code points that serif and sans both have: about 30,900."""
    return _characters_of(serif_path()) & _characters_of(sans_path())


def _characters_of(path: Path) -> frozenset[int]:
    """Read from the font's own table: `cmap`, format 12, which both of ours have."""
    data = path.read_bytes()
    for number in range(_uint16(data, 4)):
        tag, _sum, offset, length = struct.unpack_from(">4sIII", data, 12 + 16 * number)
        if tag == b"cmap":
            return _characters_in(data[offset : offset + length])
    raise AssertionError(f"{path.name} has no cmap")


def _characters_in(cmap: bytes) -> frozenset[int]:
    for number in range(_uint16(cmap, 2)):
        (start,) = struct.unpack_from(">I", cmap, 8 + 8 * number)
        if _uint16(cmap, start) == 12:
            (groups,) = struct.unpack_from(">I", cmap, start + 12)
            ranges = struct.iter_unpack(">III", cmap[start + 16 : start + 16 + 12 * groups])
            return frozenset(
                code for first, last, _glyph in ranges for code in range(first, last + 1)
            )
    raise AssertionError("a font beyond 65,535 characters has a table of format 12")


def _uint16(data: bytes, at: int) -> int:
    (value,) = struct.unpack_from(">H", data, at)
    return int(value)
