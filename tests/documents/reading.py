"""Reads a PDF the way a stranger would: somebody else's program for the words and the picture."""

from __future__ import annotations

import ctypes

import pypdfium2
import zxingcpp


def words(pdf: bytes) -> str:
    """The text of all pages, without blanks and line ends: where lines break is no matter here."""
    return "".join(text(pdf).split())


def text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def page_count(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def codes(pdf: bytes, *, page: int = 0) -> list[str]:
    """What a phone reads from the page when it is drawn: the QR codes on it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        bitmap = document[page].render(scale=3, grayscale=True)
        size = bitmap.stride * bitmap.height
        pixels = bytes((ctypes.c_ubyte * size).from_address(ctypes.addressof(bitmap.buffer)))
        view = memoryview(pixels).cast("B", shape=[bitmap.height, bitmap.stride])
        return [each.text for each in zxingcpp.read_barcodes(view)]
    finally:
        document.close()
