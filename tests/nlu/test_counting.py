"""How many days the list has, told or complained of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.dialogue.events import Understood

Hear = Callable[..., Understood]


@pytest.mark.parametrize(
    "text",
    ["kok cuma 5", "cuma ada 5 ya?", "cuma 5?", "ada 3 ya yg kosong", "ada 5?", "masih ada 5?",
     "5 doang", "kok 5 doang sih", "adanya 5 aja ya", "kok dikit amat cm 5", "hanya 5 hari?",
     "kok cuma lima", "only 5 dates?", "why only 5", "sisa 5 ya", "tinggal 2 ya min", "5 slot?",
     "5 pilihan aja?", "kok mung lima", "ngan 5?", "yg tersedia 5 ya"],
)  # fmt: skip
def test_a_count(hear: Hear, text: str) -> None:
    """No number is chosen by it: the days are shown."""
    assert hear(text, "choosing_date") == Understood("ask_dates")


@pytest.mark.parametrize(
    "text",
    ["5", "5 aja", "yang 5", "yg 5 doang", "no 5", "cuma bisa 5", "cuma bisa yg 5",
     "saya mau 5 aja", "yang nomor 5 ada?", "ada nomor 5", "kalo ada 5 aja", "pilihan 5", "lima",
     "yang kelima", "5 pilihan saya"],
)  # fmt: skip
def test_a_choice(hear: Hear, text: str) -> None:
    """Somebody who has a day in mind chooses it."""
    assert hear(text, "choosing_date").intent in {"choose_option", "none"}


def test_people_are_no_days(hear: Hear) -> None:
    """Their number is heard as what it is."""
    assert hear("ada 3 orang", "choosing_date").intent != "ask_dates"
