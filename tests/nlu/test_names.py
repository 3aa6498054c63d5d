from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.dates import dates_in
from nlu.introductions import announced_name
from nlu.names import MAX_LETTERS, NameProblem, bare_name, check_name
from nlu.phrases import AFFIRM, DENY, FILLERS, GREET, NOT_NAMES, THANKS, VOCATIVES
from nlu.spelling import clean, tokenise

TODAY = date(2026, 11, 23)


def bare(text: str) -> str:
    """The bare name of a text."""
    text = clean(text)
    tokens = tokenise(text)
    return bare_name(tokens, text, dates_in(tokens, text, TODAY))


def announced(text: str) -> str:
    """The announced name of a text."""
    text = clean(text)
    return announced_name(tokenise(text), text)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Budi", "Budi"),
        ("  rina   WULANDARI ", "rina WULANDARI"),
        ("Nur'aini", "Nur'aini"),
        ("Siti Nur-Aini", "Siti Nur-Aini"),
        ("M. Rizki Pratama", "M. Rizki Pratama"),
        ("Pak Budi Santoso", "Budi Santoso"),
        ("Drs. H. Budi Santoso, M.Si", "Budi Santoso"),
        ("H.Ahmad", "Ahmad"),
        ("Hj. Siti", "Siti"),
        ("Rina Wulandari, S.Kom., M.M.", "Rina Wulandari"),
        ("Rina Wulandari S.Pd", "Rina Wulandari"),
        ("Budi 😊", "Budi"),
        ("Émile Dupré", "Émile Dupré"),
        ("Bu", "Bu"),
        ("Mei", "Mei"),
        ("*Budi*", "Budi"),
    ],
)
def test_a_name_is_kept_as_written_without_titles(typed: str, name: str) -> None:
    """Spaces are settled, titles, degrees and emoji go, the case stays."""
    assert check_name(typed) == name


@pytest.mark.parametrize(
    "typed",
    ["", " ", "B", "Budi2", "12345", "😀😀", "Budi@rumah", "Budi/Ani", "x" * 61, "...", "٣"],
)
def test_what_is_no_name_is_refused(typed: str) -> None:
    """Digits, signs, emoji alone, single letters and endless strings are no names."""
    assert check_name(typed) is NameProblem.NOT_A_NAME


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("nama saya Rina Wulandari lahir 17 agustus 1990", "Rina Wulandari"),
        ("Nama: Rina Wulandari\nTgl lahir: 17-08-1990", "Rina Wulandari"),
        ("nama lengkap saya adalah Budi", "Budi"),
        ("namanya budi santoso ya kak", "budi santoso"),
        ("atas nama Rina", "Rina"),
        ("a.n. Budi Santoso", "Budi Santoso"),
        ("a/n Budi Santoso", "Budi Santoso"),
        ("my name is Rina Wulandari", "Rina Wulandari"),
        ("nama saya Pak Budi", "Budi"),
        ("Pagi min. Nama saya Selamat Riyadi. Lahir 1-1-1970", "Selamat Riyadi"),
        ("nama saya Bagus, mau daftar", "Bagus"),
        ("nama saya M. Rizki", "M. Rizki"),
        ("nama saya belum ada", ""),
        ("nama saya salah", ""),
        ("nama?", ""),
        ("halo", ""),
    ],
)
def test_an_announced_name(text: str, name: str) -> None:
    """After ``nama`` comes the name, up to the next word that cannot be one."""
    assert announced(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Rina Wulandari", "Rina Wulandari"),
        ("Rina Wulandari, 17-08-1990", "Rina Wulandari"),
        ("Rina Wulandari 17081990", "Rina Wulandari"),
        ("17 agustus 1990, Rina", "Rina"),
        ("sy rina wulandari lahir di Bandung 17 ags 90", "rina wulandari"),
        ("pagi min, Rina Wulandari ya", "Rina Wulandari"),
        ("bu Rina", "Rina"),
        ("Juni 12-06-1985", "Juni"),
        ("Septian\n01-09-1991", "Septian"),
        ("Siti Nur'aini, S.Pd., 3 mei 1988", "Siti Nur'aini"),
        ("Hari Setiawan", "Hari Setiawan"),
        ("kantornya dimana ya", ""),
        ("Rina?", ""),
        ("Rina, Budi", ""),
        ("besok", ""),
        ("17-08-1990", ""),
    ],
)
def test_a_bare_name(text: str, name: str) -> None:
    """A text that is nothing but a name, dates and politeness aside."""
    assert bare(text) == name


@pytest.mark.parametrize("table", [GREET, AFFIRM, DENY, THANKS, FILLERS, VOCATIVES])
def test_words_of_politeness_are_no_names(table: frozenset[str]) -> None:
    """No greeting, yes, no, thanks or filler is swallowed as a name."""
    assert [word for word in sorted(table) if bare(word)] == []


def test_words_around_names_are_not_words_that_exclude_names() -> None:
    """The two tables are apart, or ``pagi, Rina`` would be no name."""
    assert not NOT_NAMES & (FILLERS | VOCATIVES | GREET | THANKS | AFFIRM)


@given(st.text())
def test_any_text_is_a_name_or_a_problem(text: str) -> None:
    """No text raises; what is accepted is within bounds and is accepted again, unchanged."""
    name = check_name(text)
    if not isinstance(name, NameProblem):
        assert 2 <= len(name) <= MAX_LETTERS
        assert name == " ".join(name.split())
        assert not any(char.isdigit() for char in name)
    bare(text)
    announced(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("salah nama, harusnya Budi Baru", "Budi Baru"),
        ("nama salah harusnya budi pertama", "budi pertama"),
        ("namanya salah, yang benar Budi Baru ya min", "Budi Baru"),
        ("nama saya Budi Depan, lahir 17-08-1990", "Budi Depan"),
        ("nama saya budi mau daftar", "budi"),
        ("nama saya budi baru daftar", "budi"),
        ("Nama saya Budi", "Budi"),
        ("nama saya Budi Santoso alamat Jakarta", "Budi Santoso"),
    ],
)
def test_an_ordinary_word_in_a_name(text: str, name: str) -> None:
    """The last word of an announced name may be an ordinary one, where it is written as a name
    or the message corrects one.
    """
    assert announced_name(tokenise(text), text) == name
