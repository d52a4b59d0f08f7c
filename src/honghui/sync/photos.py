"""A photo is a picture and nothing else: decoded, turned upright, and set anew.

The one hard idea: what a phone sent is never kept and never shown. The pixels are drawn into a new
JPEG, so position, time, device, comments and whatever hides behind a picture's end stay behind.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from honghui.kernel.errors import Invalid

FORMATS = ("JPEG", "PNG", "WEBP")
MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")
EDGE_PIXELS_MOST = 2560
# A JPEG can be decoded at an eighth of its size; the others are decoded whole.
JPEG_PIXELS_MOST = 80_000_000
PIXELS_MOST = 25_000_000
_QUALITY = 85


@dataclass(frozen=True)
class Picture:
    data: bytes
    width_pixels: int
    height_pixels: int


def set_anew(file: BinaryIO, *, edge_pixels: int = EDGE_PIXELS_MOST) -> Picture:
    """`edge_pixels`: how long the longer edge may be. Raises Invalid for what is no picture, or one
    that would fill the memory."""
    file.seek(0)
    try:
        with Image.open(file, formats=FORMATS) as sent:
            pixels = sent.width * sent.height
            if pixels > (JPEG_PIXELS_MOST if sent.format == "JPEG" else PIXELS_MOST):
                raise _too_large()
            return _drawn(sent, edge_pixels)
    except Invalid:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except Exception as error:
        # Decoders raise whatever they like over bytes that are none of theirs.
        raise Invalid(
            "sync.attachment.no_picture",
            _("This file is not a photo that we can read."),
            _("Take the photo again, or leave it out."),
        ) from error


def _drawn(sent: Image.Image, edge_pixels: int) -> Picture:
    sent.draft("RGB", (edge_pixels, edge_pixels))
    upright = ImageOps.exif_transpose(sent)
    upright.thumbnail((edge_pixels, edge_pixels))
    # A fresh picture knows nothing of the old one but its pixels; what was see-through is white.
    clean = Image.new("RGB", upright.size, "white")
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        layer = upright.convert("RGBA")
        clean.paste(layer, mask=layer.getchannel("A"))
    else:
        clean.paste(upright.convert("RGB"))
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return Picture(out.getvalue(), clean.width, clean.height)


def _too_large() -> Invalid:
    return Invalid(
        "sync.attachment.too_large",
        _("This photo is too large."),
        _("Take it again with a smaller size, or leave it out."),
    )
