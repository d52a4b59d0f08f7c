"""What a bulletin states, as the very bytes that its record will hold.

The figures are kept as canonical JSON and never as columns: what was checked, what two people
signed and what stands in the log is one string.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import msgspec
from msgspec import Meta

from honghui.record.canonical import canonical
from honghui.record.statements import Figure, Figures, Sum
from honghui.record.values import LIST_MAX, Form


class Content(Form, frozen=True, kw_only=True):
    """A bulletin's figures in the order of its table, and which of them are sums of which."""

    figures: Figures
    sums: Annotated[tuple[Sum, ...], Meta(max_length=LIST_MAX)] = ()

    def by_name(self) -> dict[str, Figure]:
        return {figure.name: figure for figure in self.figures}

    def replaced(self, newer: Iterable[Figure]) -> Content:
        """The same with these figures in the place of those of the same name."""
        new = {figure.name: figure for figure in newer}
        figures = tuple(new.get(figure.name, figure) for figure in self.figures)
        return Content(figures=figures, sums=self.sums)


_content = msgspec.json.Decoder(Content, strict=True)
_figures = msgspec.json.Decoder(tuple[Figure, ...], strict=True)


def content_of(data: bytes | memoryview) -> Content:
    return _content.decode(bytes(data))


def figures_in(data: bytes | memoryview) -> tuple[Figure, ...]:
    """Those of a correction; none where it replaces none."""
    return _figures.decode(bytes(data))


def as_bytes(value: Content | tuple[Figure, ...]) -> bytes:
    return canonical(value)
