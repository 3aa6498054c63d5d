"""Saying that something is wrong: with what is right, with the part that is wrong, or neither."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.events import Expectation, Message, Understood
from nlu.grammar import understand
from nlu.interpreter import Interpreter
from nlu.local import LocalClassifier
from nlu.spelling import clean, tokenise
from nlu.wrongness import says_wrong
from tests.nlu.conftest import NOW, STATES

Hear = Callable[..., Understood]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("eh salah, tgl lahir sy 14 maret 1988", {"birth_date": "1988-03-14"}),
        ("harusnya lahir 17 agustus 1991", {"birth_date": "1991-08-17"}),
        ("maaf salah ketik, tanggal lahir saya 09-07-1979", {"birth_date": "1979-07-09"}),
        ("my birth date is wrong, it should be 2 May 1993", {"birth_date": "1993-05-02"}),
        ("klentu pak, tanggal lair kula 21 Juni 1966", {"birth_date": "1966-06-21"}),
        ("ganti tanggal lahir jadi 17-08-1990", {"birth_date": "1990-08-17"}),
        ("ralat nama pak, yang benar Suryaningsih", {"person_name": "Suryaningsih"}),
        ("salah nama, harusnya budi baru", {"person_name": "budi baru"}),
        ("bukan Hendri tapi Hendrik Simatupang", {"person_name": "Hendrik Simatupang"}),
        ("bukan hendri pak tapi hendrik", {"person_name": "hendrik"}),
        ("lepat eta, nami abdi Euis Komalasari", {"person_name": "Euis Komalasari"}),
        ("the name is misspelled, it should be Grace Tan", {"person_name": "Grace Tan"}),
        ("ubah nama jadi Budi Santosa", {"person_name": "Budi Santosa"}),
        ("eh salah tanggal, maksud saya tgl 9 desember", {"service_date": "2026-12-09"}),
        ("eh salah, tanggal 5", {"service_date": "2026-12-05"}),
        (
            "Koreksi: nama MUHAMMAD ILYASA, lahir 30/10/1984",
            {"person_name": "MUHAMMAD ILYASA", "birth_date": "1984-10-30"},
        ),
    ],
)
@pytest.mark.parametrize("state", ["confirming", ""])
def test_with_what_is_right(hear: Hear, text: str, told: dict[str, str], state: str) -> None:
    """The right values come along, and nothing else."""
    heard = hear(text, state)
    assert (heard.intent, heard.values()) == ("correct", told)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("nama salah", "name"),
        ("namanya keliru pak", "name"),
        ("the name is misspelled", "name"),
        ("tanggal lahirnya salah", "birth_date"),
        ("tahun lahirnya salah tuh", "birth_date"),
        ("tgl salah", "service_date"),
        ("alamat salah", "address"),
        ("fotonya salah", "photo"),
    ],
)
def test_the_part_that_is_wrong(hear: Hear, text: str, part: str) -> None:
    """Without what is right, the part is told."""
    heard = hear(text, "confirming")
    assert (heard.intent, heard.values()) == ("correct", {"wrong_part": part})


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("eh salah, tanggal 5", "choose_date"),
        ("salah, lahir 17 agustus 1991", "inform"),
    ],
)
def test_where_nobody_listens_for_corrections(text: str, intent: str) -> None:
    """A state that hears no corrections hears what the message tells."""
    state = Expectation("s", frozenset({"inform", "choose_date"}))
    assert understand(Message("m", "text", text, NOW), state, NOW).intent == intent


@pytest.mark.parametrize(
    "text",
    [
        "tidak salah",
        "salah satu saja",
        "kalau salah gimana",
        "harus bawa apa",
        "should I come at nine",
        "bukan",
        "benar",
        "iya betul semua",
        "ganti paspor",
        "ganti jadwal",
    ],
)
def test_what_says_nothing_wrong(text: str) -> None:
    """``salah`` denied, ``one of``, duties, and a plain no."""
    assert not says_wrong(tokenise(clean(text)))


@given(st.text())
def test_any_text(text: str) -> None:
    """No text raises."""
    says_wrong(tokenise(clean(text)))


async def test_what_is_lacking_is_no_name(classifier: LocalClassifier) -> None:
    """A part that is missing from a name does not take its place."""
    text = "iya tp namanya kurang 'Bin'"
    read = await Interpreter(classifier).understand(
        Message("m", "text", text, NOW), STATES["confirming"], NOW
    )
    assert (read.intent, read.values()) == ("correct", {"wrong_part": "name"})
