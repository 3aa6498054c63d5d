"""Which number of a date is the day."""

from datetime import date

import pytest

from bot.replay.importing.headers import Ambiguous
from tests.replay.importing.reading import read


def days(*heads: str, body: str = "ya", **more: str) -> list[date]:
    """The days of messages with these stamps."""
    text = "\n".join(f"{head} - Rina: {body}" for head in heads)
    return [each.at.date() for each in read(text, **more).messages]  # type: ignore[arg-type]


def test_a_number_beyond_twelve_tells_for_all() -> None:
    """One line in a file is enough."""
    assert days("05/08/24 14.30", "20/08/24 14.30")[0] == date(2024, 8, 5)
    assert days("08/05/24, 14:30", "08/20/24, 14:30")[0] == date(2024, 8, 5)
    assert days("24/08/05, 14:30", "24/08/20, 14:30", "24/09/01, 14:30")[0] == date(2024, 8, 5)


def test_time_that_would_run_backwards_tells() -> None:
    """`05/08` before `01/09` is August; `08/05` before `09/01` too."""
    assert days("05/08/2024, 14:30", "01/09/2024, 14:30")[0] == date(2024, 8, 5)
    assert days("08/05/2024, 14:30", "09/01/2024, 14:30")[0] == date(2024, 8, 5)


def test_days_lie_together() -> None:
    """Three days in a row are likelier than the fifth of three months."""
    assert days("5/8/24, 14:30", "6/8/24, 14:30", "7/8/24, 14:30")[0] == date(2024, 8, 5)
    assert days("8/5/24, 14:30", "8/6/24, 14:30", "8/7/24, 14:30")[0] == date(2024, 8, 5)


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        ("05/08/24 14.30", "ya", date(2024, 8, 5)),
        ("05.08.24, 14:30", "ya", date(2024, 8, 5)),
        ("05-08-24 14:30", "ya", date(2024, 8, 5)),
        ("5/8/24, 14:30", "<Media tidak disertakan>", date(2024, 8, 5)),
        ("8/5/24, 2:30 PM", "<Media omitted>", date(2024, 8, 5)),
        ("5/8/2024, 2:30 pm", "ya", date(2024, 8, 5)),
        ("05/08/2024, 14:30", "ya", date(2024, 8, 5)),
        ("05/08/24, 14:30", "ya", date(2024, 8, 5)),
        ("2024-08-05, 14:30", "ya", date(2024, 8, 5)),
    ],
)
def test_the_form_hints_where_one_day_leaves_it_open(head: str, body: str, day: date) -> None:
    """Language and form of stamps; it is said that it was a hint, if two readings were left."""
    assert days(head, body=body) == [day]


def test_what_nothing_tells_is_asked() -> None:
    """Then somebody must say it, and what they say counts."""
    with pytest.raises(Ambiguous) as caught:
        days("10/11/24, 14:30")
    assert list(caught.value.orders) == ["dmy", "mdy"]
    assert days("10/11/24, 14:30", order="mdy") == [date(2024, 10, 11)]
    assert days("10/11/24, 14:30", order="dmy") == [date(2024, 11, 10)]


def test_a_hint_is_told() -> None:
    """With what it was."""
    notes = read("5/8/24, 2:30 PM - Rina: ya").notes
    assert [note.left_out for note in notes] == [False]
    assert "month/day/year" in notes[0].message


def test_years_of_the_buddhist_calendar_are_understood() -> None:
    """Phones in Thailand are 543 years ahead."""
    assert days("20/8/2567 14:30") == [date(2024, 8, 20)]
