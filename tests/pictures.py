"""Pictures to use as photos."""

from __future__ import annotations

from io import BytesIO
from random import Random
from typing import Any

from hypothesis import strategies as st
from PIL import Image

from sharesync.formats.pictures import as_photo
from sharesync.formats.spool import KeptPhoto, Spool


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


@st.composite
def pictures(draw: st.DrawFn, side: int = 40) -> bytes:
    """Small pictures of every kind and shape, in which no two points are alike."""
    size = draw(st.tuples(st.integers(1, side), st.integers(1, side)))
    mode = draw(st.sampled_from(["RGB", "L"]))
    content = Random(draw(st.integers(0, 1000))).randbytes(size[0] * size[1] * len(mode))
    out = BytesIO()
    Image.frombytes(mode, size, content).save(out, draw(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"])))
    return out.getvalue()


def kept(content: bytes) -> KeptPhoto:
    """A picture as the photo of an entry."""
    return Spool().keep(as_photo(content))


def shown(content: bytes) -> Image.Image:
    """The picture in a file."""
    image = Image.open(BytesIO(content))
    image.load()
    return image
