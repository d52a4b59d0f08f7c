"""QR codes as SVG, for pages and for paper."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import segno

# What may be damaged and is still read: a fold, a coffee ring.
_CORRECTION = "m"
# The white edge that readers rely on, in modules.
EDGE = 4


def qr_svg(text: str, *, edge: int = EDGE) -> str:
    """The code of `text` as one SVG element: black on nothing, no size of its own, no style inside
    (so that the pages' content policy holds).

    edge: modules left white around it; fewer than 4 only where the paper around stays white.
    Raises ValueError beyond about 2,300 bytes, which no code of ours comes near. About 7 ms.
    """
    code = segno.make(text, error=_CORRECTION, micro=False)
    # One path for all: separate squares would show hairlines where they meet.
    path = "".join(_runs(code.matrix, edge))
    width, height = code.symbol_size(border=edge)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {width} {height}">'
        f'<path d="{path}"/></svg>'
    )


def _runs(matrix: tuple[bytearray, ...], edge: int) -> Iterator[str]:
    """Each stretch of dark modules in a row, as a closed box."""
    for y, row in enumerate(matrix, edge):
        x = edge
        for dark, stretch in groupby(row):
            length = len(list(stretch))
            if dark:
                yield f"M{x} {y}h{length}v1h-{length}z"
            x += length
