from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.events import Entity
from nlu.examples import example_form, nearest_birth_date, next_working_weekday

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("31-02-1990", date(1990, 2, 28)),
        ("31021990", date(1990, 2, 28)),
        ("31 februari 1992", date(1992, 2, 29)),
        ("31/4/85", date(1985, 4, 30)),
        ("17-13-1990", date(1990, 12, 17)),
        ("00-00-1990", date(1990, 1, 1)),
        ("17-08-2090", date(1990, 8, 17)),
        ("17-08-1850", date(1950, 8, 17)),
        ("17-08-9019", date(2019, 8, 17)),
        ("1781990", date(1990, 8, 17)),
        ("abc", None),
        ("1234567890123", None),
        ("", None),
    ],
)
def test_the_date_a_wrong_birth_date_was_meant_to_be(typed: str, nearest: date | None) -> None:
    """Day and month are brought into range, the year into the last hundred years."""
    assert nearest_birth_date(typed, MONDAY) == nearest


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 9999))
def test_the_nearest_birth_date_lies_behind_us(day: int, month: int, year: int) -> None:
    """Whatever the numbers, the example shows a date somebody alive can be born on."""
    nearest = nearest_birth_date(f"{day:02}-{month:02}-{year:04}", MONDAY)
    assert nearest is not None
    assert date(1905, 11, 24) <= nearest <= MONDAY


def test_own_data_come_before_known_ones_before_neutral_ones() -> None:
    """The example is as much the sender's own as it can be."""
    known = {"person_name": "Rina", "birth_date": "1991-01-02", "service_date": "2027-01-04"}
    budi = [Entity("person_name", "Budi"), Entity("service_date", "2027-01-05")]
    assert example_form(budi, known, MONDAY) == "#BUDI#02011991#05012027"
    assert example_form((), known, MONDAY) == "#RINA#02011991#04012027"
    assert example_form((), {}, MONDAY) == "#NAMA ANDA#17081990#24112026"
    assert example_form((), {"birth_date": "soon"}, MONDAY) == "#NAMA ANDA#17081990#24112026"
    assert example_form([Entity("option_number", 3)], {}, MONDAY) == "#NAMA ANDA#17081990#3"


@pytest.mark.parametrize(
    ("today", "next_day"),
    [
        (date(2026, 11, 26), date(2026, 11, 27)),
        (date(2026, 11, 27), date(2026, 11, 30)),
        (date(2026, 11, 28), date(2026, 11, 30)),
        (date(2026, 11, 29), date(2026, 11, 30)),
    ],
)
def test_the_neutral_service_date_is_a_weekday(today: date, next_day: date) -> None:
    """From Monday to Friday, and always ahead."""
    assert next_working_weekday(today) == next_day
