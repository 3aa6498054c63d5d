"""One thing turned down or complained of, and another one asked for in its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.events import Expectation, Message, Understood
from nlu.grammar import understand
from tests.nlu.conftest import STATES

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
CONFIRMING = replace(
    STATES["confirming"],
    options=5,
    known={"service_date": "2026-11-25", "person_name": "BUDI", "birth_date": "1990-08-17"},
)
BOOKED = Expectation("booked", frozenset({"greet", "approve"}))

REFUSALS = [
    "bukan {} tp {}",
    "ga jadi {}, ganti {}",
    "ga jadi yg {}, {} aja",
    "gajadi {}, {} aja",
    "gak jadi {} {} aja ya",
    "eh gak jadi yang {}, yang {} aja",
    "ndak sido {}, {} wae",
    "teu janten nu {}, nu {} we",
    "not {}, {} please",
    "never mind {}, {} please",
    "jangan {} deh, {} aja",
    "bukan {}, maunya {}",
    "gak bisa {}, {} bisa?",
    "batal yg {}, {} aja",
    "{} ga jadi, {} aja",
    "{} jangan, {} aja",
    "yg {} penuh ya? {} aja",
    "yah {} udah penuh, kalo gitu {} deh",
]


def heard(text: str, state: Expectation) -> Understood:
    """What is understood in a state."""
    return understand(Message("m", "text", text, NOW), state, NOW)


@pytest.mark.parametrize("sentence", REFUSALS)
@pytest.mark.parametrize(
    ("refused", "wanted"), [("2", "4"), ("nomor 1", "nomor 4"), ("kedua", "keempat")]
)
def test_another_number_of_the_list(sentence: str, refused: str, wanted: str) -> None:
    """The number turned down is not chosen, and nothing is cancelled: the other one is chosen."""
    read = heard(sentence.format(refused, wanted), STATES["choosing_date"])
    assert (read.intent, read.values()) == ("choose_option", {"option_number": 4})


@pytest.mark.parametrize("sentence", REFUSALS)
@pytest.mark.parametrize(
    ("refused", "wanted"),
    [("tgl 26", "27"), ("tanggal 26", "tgl 27"), ("kamis", "jumat"), ("26", "27"), ("rabu", "27")],
)
def test_another_day(sentence: str, refused: str, wanted: str) -> None:
    """Likewise days, also by their bare number."""
    read = heard(sentence.format(refused, wanted), STATES["choosing_date"])
    assert (read.intent, read.values()) == ("choose_date", {"service_date": "2026-11-27"})


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("gak jadi 28 desember, 29 aja", "2026-12-29"),
        ("jangan tgl 30, 1 aja", "2026-12-01"),
        ("26 aja deh, jangan 25", "2026-11-26"),
    ],
)
def test_the_day_beside_it(text: str, day: str) -> None:
    """A bare number is a day of the same month, or of the next one where that is over."""
    assert heard(text, STATES["choosing_date"]).values() == {"service_date": day}


@pytest.mark.parametrize(
    "text",
    ["ga jadi", "ga jadi deh, makasih", "ga jadi daftar", "gajadi", "ga jadi 2", "batal aja min",
     "ga jadi tgl 25", "gak jadi 2 orang, makasih", "nvm", "never mind, thanks"],
)  # fmt: skip
@pytest.mark.parametrize("state", [STATES["choosing_date"], CONFIRMING])
def test_what_still_stops(text: str, state: Expectation) -> None:
    """Where nothing is asked for instead, it is as it was."""
    read = heard(text, state)
    assert read.intent not in {"choose_option", "choose_date", "correct"}


COMPLAINTS = [
    "kok {} sih, kan minta {}",
    "kok {}? saya kan bilang {}",
    "lho kok {}, kan saya minta {}",
    "lah kok dadi {}, aku njaluke {}",
    "naha {}, abdi menta {}",
    "kenapa jadi {} ya pak, harusnya kan {}",
    "why {}, I asked for {}",
    "why is it {}? I wanted {}",
    "kok {} bukan {}",
]


@pytest.mark.parametrize("sentence", COMPLAINTS)
@pytest.mark.parametrize(
    ("told", "wanted", "value"),
    [
        ("tgl 25", "26", {"service_date": "2026-11-26"}),
        ("tanggal 25", "tanggal 26", {"service_date": "2026-11-26"}),
        ("senin", "selasa", {"service_date": "2026-11-24"}),
        ("the 25th", "the 26th", {"service_date": "2026-11-26"}),
        ("nomor 2", "nomor 4", {"option_number": 4}),
        ("namanya Budi", "Budiman", {"person_name": "Budiman"}),
        ("Budi", "Budiman Sudjatmiko", {"person_name": "Budiman Sudjatmiko"}),
    ],
)
def test_a_complaint(sentence: str, told: str, wanted: str, value: dict[str, object]) -> None:
    """What was asked for is right, what is complained of is not."""
    read = heard(sentence.format(told, wanted), CONFIRMING)
    assert (read.intent, read.values()) == ("correct", value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("saya minta 26 kok jadi 25", {"service_date": "2026-11-26"}),
        ("saya pilih nomor 3 kok jadi 2?", {"option_number": 3}),
        ("kok bukan tgl 26", {"service_date": "2026-11-26"}),
        ("saya minta 26 kok bukan 26", {"service_date": "2026-11-26"}),
    ],
)
def test_a_complaint_the_other_way_round(text: str, value: dict[str, object]) -> None:
    """What was asked for may come first, or be what is missed."""
    read = heard(text, CONFIRMING)
    assert (read.intent, read.values()) == ("correct", value)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("loh kok tgl 25", "service_date"),
        ("kok senin sih?", "service_date"),
        ("how come it's the 25th", "service_date"),
        ("kok namanya Budi", "name"),
        ("lho kok Budi pak", "name"),
    ],
)
def test_a_complaint_alone(text: str, part: str) -> None:
    """Without what is right, the part that is wrong is told."""
    read = heard(text, CONFIRMING)
    assert (read.intent, read.values()) == ("correct", {"wrong_part": part})


@pytest.mark.parametrize(
    "text",
    ["ga mau yg 2", "ga mau nomor 2 pak", "gak bisa tgl 25", "ga bisa senin", "bukan senin",
     "ga bs senin selasa rabu", "jangan yang kedua", "mboten saged senen", "not monday",
     "selain senin", "setelah tgl 25", "tgl 25 jangan", "2 ga bisa",
     "ga bisa kalau senin, ada kerjaan", "gak bisa tgl 25 soalnya masih kerja"],
)  # fmt: skip
def test_turned_down_alone(text: str) -> None:
    """Nothing else is asked for: the day is what is wrong, and none is taken."""
    read = heard(text, CONFIRMING)
    assert (read.intent, read.values()) == ("correct", {"wrong_part": "service_date"})
    assert heard(text, STATES["choosing_date"]) == Understood("ask_dates")


@pytest.mark.parametrize("text", ["yang 2 penuh?", "tgl 25 udah penuh ya?", "penuh semua ya"])
def test_asked_whether_it_is_full(text: str) -> None:
    """A question about a day turns nothing down."""
    assert heard(text, STATES["choosing_date"]).intent != "correct"


@pytest.mark.parametrize(
    "text",
    ["gapapa kok tgl 25", "kenapa tgl 25 penuh", "kok ga ada tgl 26", "kenapa namanya harus sama",
     "tgl 25 kok", "kenapa harus bayar", "kok lama ya"],
)  # fmt: skip
def test_what_is_no_complaint(text: str) -> None:
    """``kok`` also assures, and why may be asked of other things."""
    assert heard(text, CONFIRMING).intent != "correct"


def test_who_has_a_booking_moves_it() -> None:
    """Where no day is chosen any more, the booking goes to the day asked for."""
    read = heard("gak jadi tgl 25, 26 aja", BOOKED)
    assert (read.intent, read.values()) == ("reschedule", {"service_date": "2026-11-26"})


@pytest.mark.parametrize(
    "text",
    ["besok ga bisa", "tgl 25 ga bisa", "saya besok berhalangan", "besok ga bisa dateng pak",
     "ga bisa rabu"],
)  # fmt: skip
def test_who_cannot_come(text: str) -> None:
    """Whoever has a booking does not choose the day they name."""
    assert heard(text, BOOKED) == Understood("reject")


@given(st.text(), st.sampled_from(["kok ", "ga jadi ", "not ", "2 ga jadi "]), st.text())
def test_any_text(before: str, between: str, after: str) -> None:
    """No text raises."""
    heard(before + between + after, CONFIRMING)
