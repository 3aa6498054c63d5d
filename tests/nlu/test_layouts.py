"""Whatever people send of themselves, in any layout, reads back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.events import Understood

Hear = Callable[..., Understood]

NAMES = [
    "Rina Wulandari", "sutarno", "MUHAMMAD ILYASA", "I Wayan Sudarma", "Mei Lestari", "Juni",
    "Agus Septian", "desi anggraini", "Kasih Lestari", "Selamat Riyadi", "Nur'aini", "Tan Mei Ling",
    "TIURMA br SIREGAR", "Christopher Adinata Sembiring Pelawi", "ujang suherman", "Sri Rejeki",
]  # fmt: skip
MONTHS = [
    "januari", "Feb", "maret", "apr", "Mei", "juni", "Jul", "agt", "September", "okt", "nop", "Des",
]  # fmt: skip
DATES: list[Callable[[date], str]] = [
    lambda day: f"{day:%d-%m-%Y}",
    lambda day: f"{day.day}/{day.month}/{day.year}",
    lambda day: f"{day:%d.%m.%Y}",
    lambda day: f"{day:%d%m%Y}",
    lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    lambda day: f"tgl {day.day} {MONTHS[day.month - 1]} {day.year}",
]
LISTS = [
    "#{name}#{born}#{day}", "#{name}#{born}#{day}#", "{name}#{born}#{day}",
    "##{name}##{born}##{day}",
    "#{born}#{name}#{day}", "{name}/{born}/{day}", "{name}, {born}, {day}", "{name}; {born}; {day}",
    "{name} | {born} | {day}", "{name}\n{born}\n{day}", "L / {name} / {born} / {day}",
    "#{name}#P#{born}#{day}", "#{name}#{name}#{born}#{day}", "#{name}#perempuan#{born}#{day}",
    "#nama {name}#tgl lahir {born}#tgl layanan {day}", "{name}, perempuan, {born}, mau {day}",
    "Nama: {name}\nTgl lahir: {born}\nTgl layanan: {day}",
    "#{name}#3171014507890003#{born}#{day}", "#{name}#0812-0000-0017#{born}#{day}",
]  # fmt: skip
SENTENCES = [
    "nama saya {name} lahir {born}", "a.n. {name}, lahir {born}", "saya {name}, lahir {born}",
    "kula {name}, lair tanggal {born}", "nami kulo {name} pak, lairipun {born}",
    "nami abdi {name}, lahir {born}", "ieu data abdi: {name}, {born}", "{name} lhr {born}",
    "my name is {name}, born {born}", "perkenalkan saya {name}, lahir {born}",
    "saya yang bernama {name}, kelahiran Garut {born}", "Hj. {name}, tgl lahir {born}",
    "Drs. H. {name}, M.Si. lahir {born}", "{name}, S.Pd., M.M., lahir {born}",
    "{name}, A.Md.Keb. {born}", "selamat pagi pak, {name} {born} makasih",
    "{name}, lahir {born}, hp 0812-0000-0017", "NIK 3171014507890003 atas nama {name} lahir {born}",
]  # fmt: skip

births = st.dates(date(1940, 1, 1), date(2020, 12, 31))
days = st.dates(date(2026, 11, 24), date(2027, 11, 20))
told = {"person_name", "birth_date", "service_date"}


@given(st.sampled_from(NAMES), births, days, st.sampled_from(DATES), st.sampled_from(LISTS))
def test_a_list_reads_back(
    hear: Hear, name: str, born: date, day: date, write: Callable[[date], str], layout: str
) -> None:
    """Name, birth date and day in any order of signs, with what forms ask for besides."""
    heard = hear(layout.format(name=name, born=write(born), day=write(day)))
    assert heard.intent in {"inform", "submit_identity"}
    assert {kind: value for kind, value in heard.values().items() if kind in told} == {
        "person_name": name,
        "birth_date": born.isoformat(),
        "service_date": day.isoformat(),
    }


@given(st.sampled_from(NAMES), births, st.sampled_from(DATES), st.sampled_from(SENTENCES))
def test_a_sentence_reads_back(
    hear: Hear, name: str, born: date, write: Callable[[date], str], sentence: str
) -> None:
    """A name and a birth date in Indonesian, English, Javanese and Sundanese, with titles."""
    heard = hear(sentence.format(name=name, born=write(born)))
    assert {kind: value for kind, value in heard.values().items() if kind in told} == {
        "person_name": name,
        "birth_date": born.isoformat(),
    }


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Wednesday next week", "2026-12-02"),
        ("next week on friday", "2026-12-04"),
        ("in 3 days", "2026-11-26"),
        ("dua minggu lagi", "2026-12-07"),
        ("3 hari ke depan", "2026-11-26"),
        ("telung dina maneh", "2026-11-26"),
        ("senin payun", "2026-11-30"),
        ("mbenjing", "2026-11-24"),
        ("the 5th of December", "2026-12-05"),
        ("December 8th", "2026-12-08"),
        ("bulan depan tanggal 5", "2026-12-05"),
        ("besok ga bisa, lusa aja", "2026-11-25"),
        ("selasa 1 desember", "2026-12-01"),
    ],
)
def test_days_in_other_words(hear: Hear, text: str, day: str) -> None:
    """English, Javanese and Sundanese beside Indonesian."""
    assert hear(text, "choosing_date").values() == {"service_date": day}


@pytest.mark.parametrize(
    "text", ["senin 1 desember", "Jumat, 8-12-2026", "hari rabu tgl 1 desember"]
)
def test_a_weekday_that_contradicts_its_date_is_asked_about(hear: Hear, text: str) -> None:
    """Neither the weekday nor the date is believed."""
    heard = hear(text, "choosing_date")
    assert heard.intent == "malformed_form"
    assert [(problem.part, problem.reason) for problem in heard.problems] == [
        ("service_date", "other_weekday")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "hapus dong nama sm tgl lahir sy dari server kalian",
        "the name is misspelled",
        "Apakah harus membawa ijazah asli atau cukup fotokopi?",
        "tgl kedatangan besok",
        "DEDEH KURNIASIHWATI",
        "ttl: surabaya 24 juli 1994",
        "sugeng enjing pak",
    ],
)
def test_what_is_no_name_and_no_code(hear: Hear, text: str) -> None:
    """Words around data are no data."""
    assert not {"person_name", "booking_code"} & hear(text).values().keys()
