"""Pictures that people bring: one kind of file comes out, small, upright, and with nothing beside it."""

import base64
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sharesync.errors import InvalidInput
from sharesync.formats import file_reading, pictures
from sharesync.formats.entries import Parsed
from sharesync.formats.ledger import kind_of
from sharesync.formats.pictures import as_photo
from tests.pictures import picture, shown
from tests.pictures import pictures as drawn


def pixel(photo: Image.Image, x: int, y: int) -> tuple[int, ...]:
    found = photo.getpixel((x, y))
    assert isinstance(found, tuple)
    return tuple(int(part) for part in found)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_usual_kind_becomes_jpeg(kind: str) -> None:
    photo = shown(as_photo(picture("red", kind=kind)))
    assert (photo.format, photo.mode, photo.size) == ("JPEG", "RGB", (8, 8))
    red, green, blue = pixel(photo, 4, 4)
    assert (red > 240, green < 10, blue < 10) == (True, True, True)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_manner_of_colour_can_be_read(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert shown(as_photo(picture("white" if mode != "I;16" else 40_000, mode=mode, kind=kind))).mode == "RGB"


@pytest.mark.parametrize(
    ("size", "becomes"), [((2048, 1024), (512, 256)), ((600, 3000), (102, 512)), ((512, 20), (512, 20))]
)
def test_what_is_large_is_shrunk_and_keeps_its_shape(size: tuple[int, int], becomes: tuple[int, int]) -> None:
    assert shown(as_photo(picture("red", size))).size == becomes


def test_nothing_that_a_camera_wrote_beside_the_picture_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Some Camera"
    exif.get_ifd(0x8825)[2] = (55.0, 40.0, 34.0)  # where it was taken
    photo: bytes = as_photo(picture("red", kind="JPEG", exif=exif, comment=b"taken at home"))
    assert dict(shown(photo).getexif()) == {}
    assert b"Camera" not in photo
    assert b"Exif" not in photo
    assert b"home" not in photo


def test_a_picture_taken_with_the_camera_on_its_side_is_turned() -> None:
    image = Image.new("RGB", (40, 20), "blue")
    image.paste("red", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    photo = shown(as_photo(saved(image, exif)))
    assert photo.size == (20, 40)
    assert (pixel(photo, 10, 5)[0] > 200, pixel(photo, 10, 35)[2] > 200) == (True, True)


def saved(image: Image.Image, exif: Image.Exif) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=95, exif=exif)
    return out.getvalue()


def test_what_is_transparent_is_white() -> None:
    photo = shown(as_photo(picture((255, 0, 0, 0), mode="RGBA")))
    assert photo.getpixel((4, 4)) == (255, 255, 255)


def test_the_same_picture_is_the_same_photo() -> None:
    assert as_photo(picture("red")) == as_photo(picture("red"))


@given(drawn())
def test_a_photo_that_leaves_and_comes_back_is_the_same(content: bytes) -> None:
    photo = as_photo(content)
    assert as_photo(photo) == photo


def test_a_photo_of_full_size_that_comes_back_is_the_same() -> None:
    noise = Image.frombytes("RGB", (800, 600), Random(1).randbytes(800 * 600 * 3))
    photo = as_photo(saved(noise, Image.Exif()))
    assert shown(photo).size == (512, 384)
    assert as_photo(photo) == photo


@pytest.mark.parametrize(
    "hidden",
    [
        lambda photo: photo + b"home",
        lambda photo: photo + b"home\xff\xd9",
        lambda photo: photo[:-2] + b"\xff\xfe\x00\x06home\xff\xd9",
        lambda photo: photo[:2] + b"\xff\xfe\x00\x06home" + photo[2:],
        lambda photo: photo[:20] + b"\xff\xe1\x00\x06home" + photo[20:],
        lambda photo: photo.replace(b"\xff\xda", b"\xff\xfe\x00\x06home\xff\xda"),
    ],
)
def test_nothing_comes_along_with_a_photo_that_was_ours(hidden: Callable[[bytes], bytes]) -> None:
    photo: bytes = as_photo(picture("red", kind="JPEG"))
    assert b"home" in hidden(photo)
    assert shown(hidden(photo)).size == (8, 8)
    assert b"home" not in bytes(as_photo(hidden(photo)))


@pytest.mark.parametrize(
    "more", [{"quality": 95}, {"quality": 85, "progressive": True}, {"quality": 85, "optimize": True}]
)
def test_a_photo_of_another_hand_becomes_ours(more: dict[str, Any]) -> None:
    other = picture("red", kind="JPEG", **more)
    assert as_photo(other) != other


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a letter",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        picture("red", kind="TIFF"),
        picture("red", kind="BMP"),
        picture("red", (200, 200), kind="JPEG")[:300],
        picture("red", (200, 200))[:60],
        picture("red")[:-20].replace(b"IDAT", b"IDAX"),
    ],
)
def test_what_is_no_picture_is_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        as_photo(content)
    assert str(refused.value) == "This is no picture that sharesync can read; choose a JPEG, PNG, WebP or GIF file."


def huge(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is so large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)

    header = width.to_bytes(4) + height.to_bytes(4) + bytes((8, 2, 0, 0, 0))
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("size", [(10_000, 5_001), (10_000, 9_500), (30_000, 30_000)])
def test_a_picture_that_unfolds_to_more_than_any_cameras_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(InvalidInput, match=r"too large; choose one of at most 8 MB and (50|12) million"):
        as_photo(huge(*size))


def test_a_file_that_is_too_large_is_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    content = picture("red")
    monkeypatch.setattr(pictures, "MOST_BYTES", len(content) - 1)
    with pytest.raises(InvalidInput, match="too large"):
        as_photo(content)
    monkeypatch.setattr(pictures, "MOST_BYTES", len(content))
    assert as_photo(content)


@given(start=st.integers(0, 80), junk=st.binary(max_size=40), kind=st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]))
def test_a_broken_file_is_a_photo_or_a_sentence_and_nothing_else(start: int, junk: bytes, kind: str) -> None:
    good = picture("red", kind=kind)
    with suppress(InvalidInput):
        assert shown(as_photo(good[:start] + junk + good[start + len(junk) :])).format == "JPEG"


def in_vcard(*contents: bytes) -> bytes:
    return b"".join(
        b"BEGIN:VCARD\r\nFN:Ada %d\r\nPHOTO;ENCODING=b:%s\r\nEND:VCARD\r\n" % (at, base64.b64encode(content))
        for at, content in enumerate(contents)
    )


def test_a_file_of_pictures_that_unfold_to_more_than_photographs_do_loses_those(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unfolded: list[int] = []
    flat = pictures._flat

    def listening(image: Image.Image) -> Image.Image:
        unfolded.append(image.width * image.height)
        return flat(image)

    monkeypatch.setattr(pictures, "_flat", listening)
    small = picture("white", (3000, 3000), mode="1")  # nine million pixels
    assert len(small) < 10_000
    entries = file_reading.read(in_vcard(*[small] * 28, picture("red"))).entries
    assert sum(unfolded) <= pictures.FREE_PIXELS + 28 * pictures.PIXELS_A_BYTE * len(small)
    together = "photo left out: The pictures of this file are too large together; send it in parts."
    told = [tuple(map(kind_of, entry.notes)) for entry in entries if isinstance(entry, Parsed)]
    assert told[:5] == [()] * 5
    assert told[5:-1] == [(together,)] * 23
    assert told[-1] == ()


def test_what_is_no_ordinary_jpeg_may_have_fewer_pixels() -> None:
    with pytest.raises(InvalidInput, match="12 million pixels"):
        as_photo(picture("white", (4000, 4000), mode="1"))
    assert shown(as_photo(picture("white", (4000, 4000), mode="L", kind="JPEG"))).size == (512, 512)


def test_photographs_of_a_large_file_all_come() -> None:
    content = picture("red", (500, 500), kind="JPEG")
    entries = file_reading.read(in_vcard(*[content] * 300)).entries
    assert [entry for entry in entries if isinstance(entry, Parsed) and entry.photo is None] == []
