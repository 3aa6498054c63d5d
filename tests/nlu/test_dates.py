from datetime import date, timedelta
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu import dates
from nlu.dates import find_dates, is_only_days, parse_date
from nlu.days import DateProblem, Kind
from nlu.spelling import clean

MONDAY = date(2026, 11, 23)
MONTH_NAMES = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus"]
MONTH_NAMES += ["September", "Oktober", "November", "Desember"]
SHORT_MONTHS = ["jan", "peb", "mrt", "apr", "mei", "jun", "jul", "agt", "sept", "okt", "nop", "des"]
FRAGMENTS = ["5", "31", "2027", "99", "-", "/", ".", "tgl", "januari", "mei", "hari", "minggu"]
FRAGMENTS += ["depan", "senin", "besok", "lagi", "'", ",", "\n", "05012027", "bulan", "next"]
OTHERS = ["dua", "sekeluarga", "today", "lusa", "seminggu", "kamis", "ini", "pekan", "pagi", "saya"]

births = st.dates(date(1910, 1, 1), MONDAY)
services = st.dates(MONDAY, MONDAY + timedelta(days=366))


def service(text: str, today: date = MONDAY) -> list[date | DateProblem]:
    """The service readings of all dates in a text."""
    return [found.service for found in find_dates(clean(text), today)]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("besok", date(2026, 11, 24)),
        ("bsk ya", date(2026, 11, 24)),
        ("sesuk", date(2026, 11, 24)),
        ("isukan", date(2026, 11, 24)),
        ("lusa", date(2026, 11, 25)),
        ("besok lusa", date(2026, 11, 25)),
        ("day after tomorrow", date(2026, 11, 25)),
        ("hari ini", MONDAY),
        ("3 hari lagi", date(2026, 11, 26)),
        ("tiga hr lagi", date(2026, 11, 26)),
        ("seminggu lagi", date(2026, 11, 30)),
        ("2 minggu lagi", date(2026, 12, 7)),
        ("senin", MONDAY),
        ("hari senin", MONDAY),
        ("senin depan", date(2026, 11, 30)),
        ("next monday", date(2026, 11, 30)),
        ("rabu depan", date(2026, 11, 25)),
        ("besok senin", date(2026, 11, 30)),
        ("kamis minggu depan", date(2026, 12, 3)),
        ("minggu depan hari kamis", date(2026, 12, 3)),
        ("Kemis pekan depan", date(2026, 12, 3)),
        ("kamis minggu ini", date(2026, 11, 26)),
        ("Jum'at", date(2026, 11, 27)),
        ("jum\u2019at aja pak", date(2026, 11, 27)),
        ("jumaat", date(2026, 11, 27)),
        ("hari minggu", date(2026, 11, 29)),
        ("minggu", date(2026, 11, 29)),
        ("Ahad", date(2026, 11, 29)),
        ("hari minggu minggu depan", date(2026, 12, 6)),
        ("tgl 5", date(2026, 12, 5)),
        ("tanggal 23", MONDAY),
        ("tgl. 5", date(2026, 12, 5)),
        ("tgl 31", date(2026, 12, 31)),
        ("tgl 25 bulan depan", date(2026, 12, 25)),
        ("5 Januari 2027", date(2027, 1, 5)),
        ("5 januari", date(2027, 1, 5)),
        ("Selasa, 5 Januari 2027", date(2027, 1, 5)),
        ("selasa tgl 5 jan", date(2027, 1, 5)),
        ("tanggal 5 bulan 1 tahun 2027", date(2027, 1, 5)),
        ("5jan27", date(2027, 1, 5)),
        ("5 Jan '27", date(2027, 1, 5)),
        ("5th January 2027", date(2027, 1, 5)),
        ("January 5, 2027", date(2027, 1, 5)),
        ("5 januri 2027", date(2027, 1, 5)),
        ("05-01-2027", date(2027, 1, 5)),
        ("5.1.2027", date(2027, 1, 5)),
        ("5 1 2027", date(2027, 1, 5)),
        ("5/1/27", date(2027, 1, 5)),
        ("5/1", date(2027, 1, 5)),
        ("5-1", date(2027, 1, 5)),
        ("2027-01-05", date(2027, 1, 5)),
        ("05012027", date(2027, 1, 5)),
        ("050127", date(2027, 1, 5)),
        ("5 januari 10.00", date(2027, 1, 5)),
        ("5 januari 10 orang", date(2027, 1, 5)),
    ],
)
def test_a_day_as_people_say_it(said: str, meant: date) -> None:
    """Said on Monday 23 November 2026, each means exactly this day."""
    assert service(said) == [meant]


@pytest.mark.parametrize(
    "text",
    [
        "minggu depan",
        "minggu ini",
        "2 minggu",
        "nama saya Mei",
        "Juni Shara",
        "Agus Septian",
        "Desi",
        "Bu Mei dan Pak Agus",
        "jam 10.00",
        "08.30-10.00",
        "1.500.000",
        "0812-9900-4406",
        "00002681",
        "99999999",
        "3171234567890123",
        "1-2-3-4-5",
        "٠٥٠١٢٠٢٧",  # Arabic-Indic digits
        "24 jam",
        "3 orang",
        "",
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    """Names that are months, times, money, telephone numbers and codes are no dates."""
    assert find_dates(clean(text), MONDAY) == []


@pytest.mark.parametrize("text", ["31-02-2027", "31 februari 2027", "31022027", "tgl 32", "31/4"])
def test_an_impossible_date_is_found_so_that_it_can_be_named(text: str) -> None:
    """A date that does not exist does not vanish."""
    assert service(text) == [DateProblem.NO_SUCH_DATE]


@pytest.mark.parametrize(
    ("kind", "text", "read"),
    [
        ("birth", "17-08-1990", date(1990, 8, 17)),
        ("birth", "17 agt 90", date(1990, 8, 17)),
        ("birth", "170890", date(1990, 8, 17)),
        ("birth", "1/1/26", date(2026, 1, 1)),
        ("birth", "24/11/26", date(1926, 11, 24)),
        ("birth", "29-02-28", date(1928, 2, 29)),
        ("birth", "Bandung, 17-08-1990", date(1990, 8, 17)),
        ("birth", "tgl lahir: 17-08-1990", date(1990, 8, 17)),
        ("birth", "17 agustus", DateProblem.NO_YEAR),
        ("birth", "besok", DateProblem.NOT_A_DATE),
        ("birth", "abc", DateProblem.NOT_A_DATE),
        ("birth", "1234567890123", DateProblem.NOT_A_DATE),
        ("birth", "", DateProblem.NOT_A_DATE),
        ("birth", "17-08-1990 18-08-1990", DateProblem.NOT_A_DATE),
        ("birth", "31-02-1990", DateProblem.NO_SUCH_DATE),
        ("birth", "99999999", DateProblem.NO_SUCH_DATE),
        ("birth", "24-11-2026", DateProblem.IN_THE_FUTURE),
        ("birth", "22-11-1905", DateProblem.TOO_LONG_AGO),
        ("birth", "24-11-1905", date(1905, 11, 24)),
        ("service", "23-11-2026", MONDAY),
        ("service", "22-11-2026", DateProblem.IN_THE_PAST),
        ("service", "24-11-2027", date(2027, 11, 24)),
        ("service", "25-11-2027", DateProblem.TOO_FAR),
        ("service", "999 hari lagi", DateProblem.TOO_FAR),
        ("service", "hari Selasa, tgl 5 Januari 2027", date(2027, 1, 5)),
        ("service", "kapan besok", DateProblem.NOT_A_DATE),
    ],
)
def test_one_date_and_nothing_else(kind: Kind, text: str, read: date | DateProblem) -> None:
    """A part of a form is a date within its bounds, or the reason why it is not."""
    assert parse_date(text, MONDAY, kind=kind) == read


@pytest.mark.parametrize(
    ("text", "years"),
    [("17-08-1990 lalu 5 januari 2027", [1990, 2027]), ("besok atau 17/8/90", [0, 0])],
)
def test_every_date_of_a_text_is_found(text: str, years: list[int]) -> None:
    """Several dates come in order, with their years where they were written."""
    assert [found.year for found in find_dates(text, MONDAY)] == years


def test_weekday_rules_hold_on_every_day_of_the_week() -> None:
    """A bare weekday may be today; with ``depan`` it never is, and is at most a week away."""
    for days in range(7):
        today = MONDAY + timedelta(days=days)
        [bare] = service("senin", today)
        [coming] = service("senin depan", today)
        assert isinstance(bare, date)
        assert isinstance(coming, date)
        assert 0 <= (bare - today).days <= 6
        assert 1 <= (coming - today).days <= 7
        assert service("kamis minggu depan", today) == [date(2026, 12, 3)]


def spellings(day: date) -> list[str]:
    """The ways a full date is written, day before month."""
    name, short = MONTH_NAMES[day.month - 1], SHORT_MONTHS[day.month - 1]
    return [
        f"{day:%d%m%Y}",
        f"{day:%d-%m-%Y}",
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day} {day.month} {day.year}",
        f"{day.day} {name} {day.year}",
        f"{day.day}-{short}-{day.year}",
        f"{day.day}{short.upper()}{day.year}",
        f"tgl {day.day} {name.lower()} {day.year}",
        f"{day:%Y-%m-%d}",
    ]


@given(births, st.integers(0, 9))
def test_every_spelling_of_a_birth_date_reads_back(day: date, spelling: int) -> None:
    """Whatever the spelling, the date is the one that was meant."""
    assert parse_date(spellings(day)[spelling], MONDAY, kind="birth") == day


@given(services, st.integers(0, 9))
def test_every_spelling_of_a_service_date_reads_back(day: date, spelling: int) -> None:
    """Whatever the spelling, the date is the one that was meant."""
    text = spellings(day)[spelling]
    assert parse_date(text, MONDAY, kind="service") == day
    assert service(f"saya mau {text} ya pak") == [day]


@given(st.dates(date(1927, 1, 1), date(2025, 12, 31)))
def test_two_digit_birth_years_lie_behind_us(day: date) -> None:
    """Within the last century the two digits are enough."""
    assert parse_date(f"{day:%d/%m/%y}", MONDAY, kind="birth") == day


@given(st.text(), st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_any_text_is_searched_without_an_error(text: str, today: date) -> None:
    """No text raises, and every find stands where it says."""
    text = clean(text)
    for found in find_dates(text, today):
        assert text[found.start : found.end] == found.text
    parse_date(text, today, kind="birth")


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12))
def test_any_mixture_of_date_words_is_searched_without_an_error(words: list[str]) -> None:
    """Fragments of dates in any order raise nothing."""
    find_dates(" ".join(words), MONDAY)


class Everything:
    """What has every word in it."""

    def __contains__(self, _: object) -> bool:
        return True


@given(st.lists(st.sampled_from([*FRAGMENTS, *SHORT_MONTHS, *OTHERS]), max_size=8))
def test_no_date_begins_where_none_is_looked_for(words: list[str]) -> None:
    """Looking for a date at every word finds no other ones."""
    text = " ".join(words)
    found = find_dates(text, MONDAY)
    with patch.object(dates, "_STARTS", Everything()):
        assert find_dates(text, MONDAY) == found


@pytest.mark.parametrize(
    ("text", "service", "birth"),
    [
        ("tanggal dua puluh lima", date(2026, 11, 25), DateProblem.NOT_A_DATE),
        ("tgl duapuluh enam november", date(2026, 11, 26), DateProblem.NO_YEAR),
        ("dua belas maret seribu sembilan ratus delapan puluh lima", None, date(1985, 3, 12)),
        ("tiga mei sembilan belas delapan puluh lima", None, date(1985, 5, 3)),
        ("tiga mei delapan lima", None, date(1985, 5, 3)),
        ("sebelas juli sembilan puluh dua", None, date(1992, 7, 11)),
        ("lima januari dua ribu dua puluh tujuh", date(2027, 1, 5), None),
        ("17 agustus seribu sembilan ratus sembilan puluh", None, date(1990, 8, 17)),
    ],
)
def test_numbers_in_words(
    text: str, service: date | None, birth: date | DateProblem | None
) -> None:
    """Days and years as people say them, and telephones write them down."""
    (found,) = find_dates(f"ya {text} ya", MONDAY)
    assert found.text == text
    assert service is None or found.service == service
    assert birth is None or found.birth == birth


@pytest.mark.parametrize(
    "text", ["anak dua mei dan juni", "dua orang", "tiga puluh lima", "satu aja"]
)
def test_numbers_in_words_that_are_no_dates(text: str) -> None:
    """Months that are names, and numbers of other things."""
    assert find_dates(text, MONDAY) == []


def test_the_week_after_next() -> None:
    """``Depannya lagi`` is one week more."""
    (found,) = find_dates("selasa minggu depannya lagi", MONDAY)
    assert found.service == date(2026, 12, 8)


@pytest.mark.parametrize("text", ["besok jam 8", "besok pagi pukul 08.30 wib", "senin jam 10 ya"])
def test_a_day_and_an_hour_are_only_days(text: str) -> None:
    """An hour belongs to the day it is said of."""
    assert is_only_days(text, MONDAY)


def test_a_street_number_is_no_hour() -> None:
    """A number that is no hour is something else."""
    assert not is_only_days("besok no 8", MONDAY)
