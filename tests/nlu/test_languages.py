"""Which language somebody wants, whatever else they say of languages."""

from __future__ import annotations

import pytest

from bot.dialogue.events import Expectation, Message
from nlu.interpreter import Interpreter
from nlu.languages import wanted_language
from nlu.spelling import clean, tokenise
from nlu.words import words_of
from tests.nlu.conftest import NOW


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("English please", "en"),
        ("bisa bahasa inggris ga", "en"),
        ("bisa ga pakai bahasa Inggris?", "en"),
        ("ada ga versi inggrisnya", "en"),
        ("I don't speak Indonesian", "en"),
        ("sorry, I can't read Indonesian", "en"),
        ("teman saya orang asing ga ngerti indonesia, ada versi inggrisnya?", "en"),
        ("kenapa ga bisa bahasa inggris", "en"),
        ("from Indonesian to English", "en"),
        ("jangan pake bahasa inggris", "id"),
        ("saya ga bisa inggris", "id"),
        ("kok jadi bahasa inggris, balikin ke indonesia dong", "id"),
        ("lho kok inggris? bahasa kita aja pak", "id"),
        ("kenapa balasnya pake inggris min, saya ga ngerti", "id"),
        ("bahasa indonesia saja ya pak, saya kurang paham inggris", "id"),
        ("dari inggris ke indo aja", "id"),
        ("bisa pakai bahasa jawa?", "id"),
        ("ganti bahasa", "id"),
    ],
)
def test_wanted(text: str, language: str) -> None:
    """Refused, not known, left and complained of is not what is wanted."""
    assert wanted_language(words_of(tokenise(clean(text)))) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("jadwal tanggal berapa saja, in English please", "en"),
        ("syaratnya apa ya, pakai bahasa inggris", "en"),
        ("status, please answer in Indonesian", "id"),
        ("syaratnya apa, jangan pakai bahasa inggris ya", None),
        ("buku saya paspor inggris, syaratnya apa", None),
        ("Ahmad Inggris", None),
    ],
)
async def test_beside_something_else(text: str, language: str | None) -> None:
    """Asked for in so many words, it is told whatever else the message says."""
    heard = await Interpreter().understand(Message("m1", "text", text, NOW), Expectation(), NOW)
    assert heard.values().get("language") == language
