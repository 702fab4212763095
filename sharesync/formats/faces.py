"""Faces: the photos of a page of contacts as one small picture, a strip of squares: a list asks for one file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageOps

SIDE = 64
"""Pixels of a square: twice what a list shows, and whole blocks of JPEG, so that no colour runs into the next."""
MOST = 50
"""Squares of a strip, however many are filled: the style sheet knows where each is."""


def strip(photos: Mapping[int, bytes]) -> bytes:
    """The photos, JPEG as they are kept, at their places, 0 to 49 from the top, as one JPEG; the others are empty."""
    whole = Image.new("RGB", (SIDE, SIDE * MOST), "#888")
    for place, photo in photos.items():
        whole.paste(_square(photo), (0, SIDE * place))
    out = BytesIO()
    whole.save(out, "JPEG", quality=80)
    return out.getvalue()


@lru_cache(maxsize=500)
def _square(photo: bytes) -> Image.Image:
    """Made once: a list is looked at again and again."""
    with Image.open(BytesIO(photo), formats=("JPEG",)) as image:
        image.draft("RGB", (2 * SIDE, 2 * SIDE))
        return ImageOps.fit(image.convert("RGB"), (SIDE, SIDE))
