from collections.abc import Callable

import pytest

from bot.dialogue.events import Understood
from tests.nlu.conftest import NOW

Hear = Callable[..., Understood]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3),
        ("3.", 3),
        ("3\ufe0f\u20e3", 3),
        ("no. 2", 2),
        ("no 2 kak", 2),
        ("nomor 3", 3),
        ("yang nomor 3 aja", 3),
        ("yg ke-3", 3),
        ("yang ketiga", 3),
        ("pilihan pertama", 1),
        ("opsi 4", 4),
        ("dua", 2),
        ("ok yang dua dong min", 2),
        ("tanggal yang ketiga", 3),
        ("yg paling cepet", 1),
        ("paling cepat", 1),
        ("yang tercepat ya", 1),
        ("the earliest please", 1),
        ("yang terakhir", 5),
        ("paling akhir", 5),
        ("9", 9),
        ("0", 0),
        ("ok 3", 3),
    ],
)
def test_a_choice_from_the_list(hear: Hear, text: str, number: int) -> None:
    """With five options on the table; whether the number is in range the flow says."""
    heard = hear(text, "choosing_date")
    assert (heard.intent, heard.confidence) == ("choose_option", 1.0)
    assert heard.values() == {"option_number": number}


@pytest.mark.parametrize(
    "text",
    ["tanggal 3", "3 hari lagi", "1 2", "1234", "saya sama 2 orang anak", "paling cepat kapan"],
)
def test_what_is_more_than_a_choice_is_not_taken_for_one(hear: Hear, text: str) -> None:
    """A number among other things chooses nothing."""
    assert hear(text, "choosing_date").intent != "choose_option"


@pytest.mark.parametrize("text", ["3", "yang ketiga", "nomor 3"])
def test_without_options_a_number_means_nothing(hear: Hear, text: str) -> None:
    """Nothing was offered, so nothing is chosen."""
    assert hear(text, "confirming").intent == "none"


@pytest.mark.parametrize(
    ("text", "number"),
    [("nomor 2 eh 3 deh", 3), ("yang pertama eh kedua", 2), ("2 maksud saya 4", 4), ("3 eh", 3)],
)
def test_a_number_taken_back(hear: Hear, text: str, number: int) -> None:
    """What is said last counts."""
    assert hear(text, "choosing_date").values() == {"option_number": number}


@pytest.mark.parametrize("text", ["25", "25 aja", "yang 25"])
def test_a_day_by_its_number(hear: Hear, text: str) -> None:
    """No list is as long: it is the day of that number."""
    assert hear(text, "choosing_date", now=NOW).values() == {"service_date": "2026-11-25"}


def test_a_number_that_is_not_there(hear: Hear) -> None:
    """One digit is taken for one of the list, which the answer tells from."""
    assert hear("9", "choosing_date").values() == {"option_number": 9}
