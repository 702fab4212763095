"""Pictures: whatever a person brings as a photo becomes one kind of file, small, upright, with nothing beside it.

What a camera writes into a file (place, time, device) never gets past here.
"""

from __future__ import annotations

import re
from io import BytesIO
from threading import Lock
from typing import NewType

from PIL import Image, ImageOps

from sharesync.errors import Grouped, InvalidInput

KINDS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_BYTES = 8_000_000
MOST_PIXELS = 50_000_000
"""More than any camera's. Only an ordinary JPEG may have so many: it is shrunk while it is read."""
MOST_UNSHRUNK = 12_000_000
"""Of any other, which unfolds in memory to a thousand times its size: 48 MB."""
FREE_PIXELS = 50_000_000
PIXELS_A_BYTE = 50
"""What the pictures of one file may unfold to together, by how large they are; photographs have a fifth of it."""
SIDE = 512
"""Pixels of the longer side: twice what a phone shows."""


Photo = NewType("Photo", bytes)
"""A picture as it is kept: what `as_photo` made. It takes time and memory, so it is made outside of any transaction."""
_ONE_AT_A_TIME = Lock()
"""However many people bring pictures, only one is unfolded in memory."""


class PictureBudget:
    """What the pictures of one file may still unfold to."""

    def __init__(self) -> None:
        self.pixels = FREE_PIXELS

    def spend(self, size: int, pixels: int) -> None:
        """Unfold a picture of so many bytes to so many pixels. Raises InvalidInput where there are none left."""
        left = self.pixels + PIXELS_A_BYTE * size - pixels
        if left < 0:
            raise InvalidInput("The pictures of this file are too large together; send it in parts.")
        self.pixels = min(left, FREE_PIXELS)


def as_photo(content: bytes, budget: PictureBudget | None = None) -> Photo:
    """The picture as JPEG, 512 pixels at most, RGB, turned as it is meant to be seen; the same always for the same.

    One that was made here stays byte for byte: it would lose a little each time that it left and came back.
    `budget` is that of the file that holds it among others.
    Raises InvalidInput for what is no picture of a kind we know, is broken, or is too large.
    """
    if len(content) > MOST_BYTES:
        raise _too_large(MOST_PIXELS)
    with _ONE_AT_A_TIME:
        return _made(content, budget)


def _made(content: bytes, budget: PictureBudget | None) -> Photo:
    try:
        with Image.open(BytesIO(content), formats=KINDS) as image:
            pixels = image.width * image.height
            is_shrunk = image.format == "JPEG" and not image.info.get("progressive")
            most = MOST_PIXELS if is_shrunk else MOST_UNSHRUNK
            if pixels > most:
                raise _too_large(most)
            if budget is not None:
                budget.spend(len(content), pixels)
            image.draft("RGB", (2 * SIDE, 2 * SIDE))
            ImageOps.exif_transpose(image, in_place=True)
            photo = _flat(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large(MOST_PIXELS) from None
    except InvalidInput:
        raise
    except Exception:  # what a broken file makes a decoder raise is anyone's guess
        raise InvalidInput(
            "This is no picture that sharesync can read; choose a JPEG, PNG, WebP or GIF file."
        ) from None
    out = BytesIO()
    photo.save(out, "JPEG", quality=85)
    return Photo(content if _is_of_one_hand(content, out.getvalue()) else out.getvalue())


_SCAN = re.compile(rb"\xff\xda(?:[^\xff]++|\xff\x00)*+\xff\xd9")
"""What is seen, of a JPEG file: after its tables, without another marker, and nothing after its end."""


_TABLES = frozenset((b"\xff\xe0", b"\xff\xdb", b"\xff\xc0", b"\xff\xc4"))
"""What stands before the picture in a file of ours: its kind, its quantities, its size, its codes."""


def is_photo(content: bytes) -> bool:
    """Whether a file is built as those that `as_photo` makes, without a look at its picture."""
    at = 2 if content.startswith(b"\xff\xd8") else len(content)
    while content[at : at + 2] in _TABLES:
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return _SCAN.fullmatch(content, at) is not None


def _is_of_one_hand(content: bytes, ours: bytes) -> bool:
    """Whether a file was made as ours, of the same size: nothing but its picture is its own."""
    tables = ours.partition(b"\xff\xda")[0]
    return content.startswith(tables) and _SCAN.fullmatch(content, len(tables)) is not None


def _too_large(pixels: int) -> InvalidInput:
    return InvalidInput(
        "This picture is too large; choose one of at most %(megabytes)s MB and %(pixels)s million pixels.",
        megabytes=Grouped(MOST_BYTES // 1_000_000),
        pixels=Grouped(pixels // 1_000_000),
    )


def _flat(image: Image.Image) -> Image.Image:
    """Shrunk, on white where it is transparent, and nothing but what is seen: a new picture knows no comments."""
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((SIDE, SIDE))
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image if image.mode == "RGBA" else None)
    return flat
