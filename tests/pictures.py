"""Pictures to use as photos."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image


def picture(
    colour: str | int | tuple[int, ...],
    size: tuple[int, int] = (8, 8),
    kind: str = "PNG",
    mode: str = "RGB",
    **more: Any,
) -> bytes:
    """A picture of one colour as the bytes of a file; `more` goes to the encoder."""
    out = BytesIO()
    Image.new(mode, size, colour).save(out, kind, **more)
    return out.getvalue()


def shown(content: bytes) -> Image.Image:
    """The picture in a file."""
    image = Image.open(BytesIO(content))
    image.load()
    return image
