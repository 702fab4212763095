"""Pictures: whatever a person brings as a photo becomes one kind of file, small, upright, with nothing beside it.

What a camera writes into a file (place, time, device) never gets past here.
"""

from __future__ import annotations

import re
from io import BytesIO

from PIL import Image, ImageOps

from sharesync.errors import Grouped, InvalidInput

KINDS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_BYTES = 8_000_000
MOST_PIXELS = 50_000_000
"""A file may unfold to a thousand times its size; this is more than any camera's."""
SIDE = 512
"""Pixels of the longer side: twice what a phone shows."""


def as_photo(content: bytes) -> bytes:
    """The picture as JPEG, 512 pixels at most, RGB, turned as it is meant to be seen; the same always for the same.

    One that was made here stays byte for byte: it would lose a little each time that it left and came back.
    Raises InvalidInput for what is no picture of a kind we know, is broken, or is too large.
    """
    if len(content) > MOST_BYTES:
        raise _too_large()
    try:
        with Image.open(BytesIO(content), formats=KINDS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _too_large()
            image.draft("RGB", (2 * SIDE, 2 * SIDE))
            ImageOps.exif_transpose(image, in_place=True)
            photo = _flat(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except InvalidInput:
        raise
    except Exception:  # what a broken file makes a decoder raise is anyone's guess
        raise InvalidInput(
            "This is no picture that sharesync can read; choose a JPEG, PNG, WebP or GIF file."
        ) from None
    out = BytesIO()
    photo.save(out, "JPEG", quality=85)
    return content if _is_of_one_hand(content, out.getvalue()) else out.getvalue()


_SCAN = re.compile(rb"\xff\xda(?:[^\xff]++|\xff\x00)*+\xff\xd9")
"""What is seen, of a JPEG file: after its tables, without another marker, and nothing after its end."""


def _is_of_one_hand(content: bytes, ours: bytes) -> bool:
    """Whether a file was made as ours, of the same size: nothing but its picture is its own."""
    tables = ours.partition(b"\xff\xda")[0]
    return content.startswith(tables) and _SCAN.fullmatch(content, len(tables)) is not None


def _too_large() -> InvalidInput:
    return InvalidInput(
        "This picture is too large; choose one of at most %(megabytes)s MB and %(pixels)s million pixels.",
        megabytes=Grouped(MOST_BYTES // 1_000_000),
        pixels=Grouped(MOST_PIXELS // 1_000_000),
    )


def _flat(image: Image.Image) -> Image.Image:
    """Shrunk, on white where it is transparent, and nothing but what is seen: a new picture knows no comments."""
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((SIDE, SIDE))
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image if image.mode == "RGBA" else None)
    return flat
