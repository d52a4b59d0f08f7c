"""QR codes for pages: SVG that the content policy admits."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
import segno

from honghui.documents.qr import qr_svg

ADDRESS = "https://redcross.example.org/trace/7K4M0Q2ZXWJ94TBC/"


def test_a_code_has_its_white_edge_and_no_style_of_its_own() -> None:
    svg = ElementTree.fromstring(qr_svg(ADDRESS))
    modules = segno.make(ADDRESS, error="m", micro=False).symbol_size(border=0)[0]
    assert svg.attrib["viewBox"] == f"0 0 {modules + 8} {modules + 8}"
    assert not {"width", "height", "style"} & set(svg.attrib)
    assert all("style" not in each.attrib for each in svg.iter())


def test_the_edge_may_be_left_to_the_paper() -> None:
    modules = segno.make(ADDRESS, error="m", micro=False).symbol_size(border=0)[0]
    assert f'viewBox="0 0 {modules} {modules}"' in qr_svg(ADDRESS, edge=0)


def test_what_no_code_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        qr_svg("x" * 5000)
