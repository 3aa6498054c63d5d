import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.spelling import LIMIT, MOST_TOKENS, clean, fold, tokenise


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("\uff03nama\uff03\uff10\uff15", "#nama#05"),
        ("Jum\u2019at", "Jum'at"),
        ("“halo”", '"halo"'),
        ("a\u00a0 b\u2009c", "a b c"),
        ("#na\u200bma\u200e#", "#nama#"),
        ("3\ufe0f\u20e3", "3"),
        ("👍🏽", "👍"),
        ("5\u20131\u20142027", "5-1-2027"),
        (" satu \r\n\r\n dua ", "satu\ndua"),
        ("", ""),
    ],
)
def test_characters_people_send_become_plain_ones(typed: str, cleaned: str) -> None:
    """Full-width, curly, invisible and odd space characters are settled."""
    assert clean(typed) == cleaned


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """A cleaned text is clean."""
    assert clean(clean(text)) == clean(text)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    """The tables' form of a word is its own form."""
    for token in tokenise(clean(text)):
        if token.is_word:
            assert fold(fold(token.text)) == fold(token.text)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("IYAAAA", "iya"),
        ("Jum'at", "jumat"),
        ("tgl", "tanggal"),
        ("TANGGAL", "tanggal"),
        ("tglnya", "tanggal"),
        ("nggak", "tidak"),
        ("mingguu", "minggu"),
        ("bsk", "besok"),
        ("tanya", "tanya"),
        ("syaratnya", "syarat"),
        ("layanannya", "layanan"),
        ("Antriannya", "antrean"),
        ("bulannya", "bulan"),
    ],
)
def test_words_are_folded_to_the_tables_form(typed: str, word: str) -> None:
    """Case, repeated letters, short forms and the suffix -nya do not matter."""
    assert fold(typed) == word


def test_only_the_first_characters_are_looked_at() -> None:
    """A text is cut at the limit, so a long message costs no more than a full one."""
    assert len(clean("x" * (LIMIT * 3))) == LIMIT


@given(st.text())
def test_tokens_stand_where_they_say(text: str) -> None:
    """Every token is the text between its start and end, in order and without overlap."""
    text = clean(text)
    position = 0
    for token in tokenise(text):
        assert token.start >= position
        assert text[token.start : token.end] == token.text
        position = token.end


@pytest.mark.parametrize("text", ["1 ", "a/", "#", "🙏 ", "\n"])
def test_what_is_made_of_signs(text: str) -> None:
    """As long as it may be, it costs no more than a long letter: the rest is not looked at."""
    tokens = tokenise(text * LIMIT)
    assert len(tokens) == MOST_TOKENS
    assert tokens[-1].end < LIMIT


def test_a_long_letter() -> None:
    """Prose as long as a message may be is read to its end."""
    letter = clean("saya ingin mendaftarkan keluarga besar kami " * LIMIT)
    assert tokenise(letter)[-1].end >= LIMIT - len("mendaftarkan ")
