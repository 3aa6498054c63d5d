from __future__ import annotations

from io import BytesIO
from itertools import groupby
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.booking.barcode import barcode_png
from bot.booking.codes import booking_code

SYMBOLS = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132
122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212
322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311
112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321
331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214
112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212
124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113
411311 113141 114131 311141 411131 211412 211214 211232
""".split()  # noqa: SIM905 - a table reads best as one
"""Code 128 as standardised: widths of bar and space in turn, by symbol value 0 to 105."""

STOP = "2331112"
CODE_C, CODE_B, CODE_A, START_A, START_B, START_C = 99, 100, 101, 103, 104, 105


def scan(png: bytes) -> str:
    """Read a barcode picture as a scanner does: one row of pixels, without the code beneath."""
    image = Image.open(BytesIO(png)).convert("L")
    rows = {image.crop((0, y, image.width, y + 1)).tobytes() for y in range(40, 200)}
    assert len(rows) == 1, "bars are not upright"
    dark = [pixel < 128 for pixel in rows.pop()]
    runs = [(ink, len(list(pixels))) for ink, pixels in groupby(dark)]
    (_, left), *bars, (_, right) = runs
    module = min(width for _, width in bars)
    assert min(left, right) >= 10 * module, "the quiet zone is too narrow"
    assert all(width % module == 0 for _, width in bars), "a bar is blurred"
    widths = "".join(str(width // module) for _, width in bars)
    assert widths.endswith(STOP)
    body = widths.removesuffix(STOP)
    start, *values, check = (SYMBOLS.index(body[at : at + 6]) for at in range(0, len(body), 6))
    assert check == (start + sum(place * v for place, v in enumerate(values, 1))) % 103
    return text_of(start, values)


def text_of(start: int, values: list[int]) -> str:
    """Decode symbol values, following the changes of code set."""
    code_set = {START_A: CODE_A, START_B: CODE_B, START_C: CODE_C}[start]
    text = ""
    for value in values:
        if value in {CODE_A, CODE_B, CODE_C} and not (code_set == CODE_C and value == CODE_C):
            code_set = value
        elif code_set == CODE_C:
            text += f"{value:02d}"
        else:
            assert value < 95, "no printable character"
            text += chr(value + 32)
    return text


class TestBarcodePng:
    def test_a_scanner_reads_the_booking_code(self) -> None:
        """The counter's scanner gets exactly the code, dashes included."""
        assert scan(barcode_png("JKP-7F4Q2-M8XCK")) == "JKP-7F4Q2-M8XCK"

    @settings(max_examples=30, deadline=None)
    @given(seed=st.integers(0, 2**32))
    def test_a_scanner_reads_any_booking_code(self, seed: int) -> None:
        """Also those with long runs of digits, which Code 128 packs in pairs."""
        code = booking_code("JKP", Random(seed))
        assert scan(barcode_png(code)) == code

    @pytest.mark.parametrize("code", ["00002681", "1", "123", "JKP-12345-67890", "A1234567B"])
    def test_a_scanner_reads_runs_of_digits(self, code: str) -> None:
        """Even and odd runs, alone and between letters."""
        assert scan(barcode_png(code)) == code

    def test_the_picture_suits_whatsapp_and_a_telephone(self) -> None:
        """An 8-bit RGB PNG, white all around, wide enough to scan, small enough to load."""
        png = barcode_png("JKP-7F4Q2-M8XCK")
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        assert len(png) < 20_000
        image = Image.open(BytesIO(png))
        assert image.mode == "RGB"
        assert 700 <= image.width <= 1000
        assert image.height == 300
        edge = [image.crop((0, 0, image.width, 20)), image.crop((0, 285, image.width, 300))]
        assert all(side.getextrema() == ((255, 255),) * 3 for side in edge)

    def test_the_code_stands_below_the_bars(self) -> None:
        """There is writing under the bars, within the picture, and it differs by code."""
        first, second = (
            Image.open(BytesIO(barcode_png(code))).crop((0, 212, 880, 300))
            for code in ("JKP-7F4Q2-M8XCK", "JKP-00000-00000")
        )
        assert first.convert("L").getextrema()[0] == 0
        assert first.tobytes() != second.tobytes()

    def test_the_same_code_is_the_same_bytes(self) -> None:
        """Recordings and repeated sends compare pictures by their bytes."""
        assert barcode_png("TNG-00000-00000") == barcode_png("TNG-00000-00000")

    @pytest.mark.parametrize("code", ["", "kode\n", "Ω"])
    def test_what_cannot_be_drawn_is_refused(self, code: str) -> None:
        """No empty picture and no letter a scanner would not type."""
        with pytest.raises(ValueError, match="printable ASCII"):
            barcode_png(code)
