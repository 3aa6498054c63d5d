"""Wishing to move a booking, and what else is told with it."""

from collections.abc import Callable

import pytest

from bot.dialogue.events import Understood

Hear = Callable[..., Understood]
CODE = "JKP-7F4Q2-M8XCK"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("pindah ke kamis depan", {"service_date": "2026-11-26"}),
        ("ganti jadwal ke tgl 26 ya", {"service_date": "2026-11-26"}),
        ("pindah dari tgl 24 ke tgl 26", {"service_date": "2026-11-26"}),
        ("move my booking to 1 december", {"service_date": "2026-12-01"}),
        (f"pindahkan {CODE}", {"booking_code": CODE}),
        (
            f"booking saya {CODE} dipindah ke besok",
            {"booking_code": CODE, "service_date": "2026-11-24"},
        ),
        (f"#pindah#{CODE}", {"booking_code": CODE}),
        ("pindah ke 31 februari", {}),
        ("undur ke kamis depan bs ga", {"service_date": "2026-11-26"}),
        ("tgl 24 saya ga bisa, undur ke tgl 26", {"service_date": "2026-11-26"}),
    ],
)
def test_what_is_told(hear: Hear, text: str, told: dict[str, str]) -> None:
    """The new day and the booking may stand beside it; a day that is none does not count."""
    understood = hear(text)
    assert (understood.intent, understood.values()) == ("reschedule", told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("pindah ke tanggal 5 januari 2020", {"service_date": "2020-01-05"}),
        ("pindahin ke tgl 20/11/26 dong", {"service_date": "2026-11-20"}),
        ("pindah tanggal dari 26 november ke 20 november 2026", {"service_date": "2026-11-20"}),
        ("move it to 20 nov 2026", {"service_date": "2026-11-20"}),
        ("geser ke kemarin bisa?", {"service_date": "2026-11-22"}),
        ("pindah dari 20-11-2026", {}),
        ("pindah jadwal Budi Contoh 17-08-1990", {}),
        ("booking saya 20-11-2026 mau pindah", {}),
        ("pindah jadwal kemarin", {}),
    ],
)
def test_a_day_that_is_over(hear: Hear, text: str, told: dict[str, str]) -> None:
    """Said where the new day is said it is the new day, and can be answered; elsewhere it may be
    the day missed, or somebody's birth date.
    """
    understood = hear(text)
    assert (understood.intent, understood.values()) == ("reschedule", told)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("ganti tanggal lahir jadi 17-08-1990", "correct"),
        ("ganti paspor", "register"),
        ("tanggal lain", "ask_dates"),
        ("Indah", "none"),
        ("nama saya Indah", "inform"),
        ("pindah rumah", "none"),
        (CODE, "ask_status"),
    ],
)
def test_what_is_something_else(hear: Hear, text: str, intent: str) -> None:
    """A birth date is corrected, a passport renewed, and Indah is a name."""
    assert hear(text).intent == intent


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("pindah ke 5 januari 2030", {"service_date": "2030-01-05"}),
        ("reschedule to 3 march 2028", {"service_date": "2028-03-03"}),
        ("geser jadi 5/1/30", {"service_date": "2030-01-05"}),
        ("pindah dari 5-1-2030", {}),
    ],
)
def test_a_day_years_ahead(hear: Hear, text: str, told: dict[str, str]) -> None:
    """A day too far off is told, where the new day is said, so that it can be answered."""
    understood = hear(text)
    assert (understood.intent, understood.values()) == ("reschedule", told)
