"""Ink on paper: every pair of colours in use, in both themes, worked out from tokens.css."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "src/honghui/ui/static/ui/css"
TOKENS = (CSS / "tokens.css").read_text("utf-8")

# (what is written or drawn, what it stands on)
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("paper", "paper-2")),
    *(("ink", ground) for ground in ("t1", "t2", "t3", "seal-wash")),
    *(("paper", ground) for ground in ("t4", "t5", "ink")),
    ("ink-2", "t1"),
    ("ink-2", "seal-wash"),
    ("seal-ink", "paper"),
    ("seal-ink", "paper-2"),
    ("seal-ink", "seal-wash"),
    ("on-seal", "seal"),
]
SHAPES = [
    ("edge", "paper"),
    ("rule", "paper"),
    ("seal", "paper"),
    ("seal-ink", "paper"),
    ("t4", "paper"),
    ("t5", "paper"),
    # Bars of a chart are told apart by their outline as well; the pair must still be seen apart.
    ("t5", "t3"),
]


def colours(selector: str) -> dict[str, str]:
    """The tokens that the rule of this selector sets, over the ones of :root."""
    found: dict[str, str] = {}
    for each in (":root {", selector):
        block = TOKENS.split(each, 1)[1].split("}", 1)[0]
        found |= dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})", block))
    return found


THEMES = {
    "light": colours(":root {"),
    "dark by choice": colours(':root[data-theme="dark"] {'),
    "dark by preference": colours(':root:not([data-theme="light"]) {'),
}


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(theme: str, ink: str, ground: str) -> None:
    assert contrast(THEMES[theme][ink], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_edges_and_shapes_can_be_seen(theme: str, shape: str, ground: str) -> None:
    assert contrast(THEMES[theme][shape], THEMES[theme][ground]) >= 3


def test_both_ways_into_the_dark_are_the_same() -> None:
    assert THEMES["dark by choice"] == THEMES["dark by preference"]


def test_no_colour_is_written_outside_the_tokens() -> None:
    for path in CSS.glob("*.css"):
        if path.name in {"tokens.css", "print.css"}:
            continue
        found = re.search(r"#[0-9a-f]{3,8}\b(?![\w-])|\brgba?\(|\bhsla?\(", path.read_text("utf-8"))
        assert not found, f"{path.name}: {found and found.group()}"
