"""Wanting everything left as it is: putting off, and not cancelling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.events import Expectation, Message, Understood
from nlu.grammar import understand
from nlu.interpreter import Interpreter
from nlu.local import LocalClassifier
from tests.nlu.conftest import NOW, STATES

Hear = Callable[..., Understood]
CHOOSING = replace(STATES["choosing_date"], state="choosing_date")
CONFIRMING = replace(STATES["confirming"], options=5)
BOOKED = Expectation("booked", frozenset({"greet", "approve"}))
OFFERED = Expectation(
    "asking", frozenset({"take_seat", "approve", "pass_seat", "reject", "cancel"})
)


def heard(text: str, state: Expectation) -> Understood:
    """What the rules understand in a state."""
    return understand(Message("m", "text", text, NOW), state, NOW)


async def understood(classifier: LocalClassifier, text: str, state: Expectation) -> Understood:
    """What rules and classifier understand together."""
    return await Interpreter(classifier).understand(Message("m", "text", text, NOW), state, NOW)


NOT_CANCELLED = [
    "jangan batal", "jangan dibatalkan", "jangan dibatalin ya pak", "jgn di cancel dong",
    "tolong jangan dibatalkan ya", "ga jadi batal", "gajadi dibatalkan", "gak jadi cancel deh",
    "batalnya ga jadi", "cancelnya gajadi min", "tidak mau batal", "bukan batal",
    "jangan sampai batal ya", "don't cancel", "please do not cancel", "ora sido batal",
    "ojo dibatalno", "ulah dibatalkeun", "teu janten batal", "jangan dihapus", "ga jadi hapus",
    "jangan pindah", "ga jadi pindah tanggal", "batal pindah", "gajadi ganti hari",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_CANCELLED)
@pytest.mark.parametrize("state", [CHOOSING, CONFIRMING, BOOKED, OFFERED])
async def test_nothing_is_cancelled(
    classifier: LocalClassifier, text: str, state: Expectation
) -> None:
    """It is a no that lets nothing go."""
    read = await understood(classifier, text, state)
    assert (read.intent, read.values()) == ("reject", {"keeps": True})


@pytest.mark.parametrize(
    "text",
    ["jangan dilepas dulu", "jgn dikasih ke orang lain ya", "jangan sampai hangus pak",
     "tempatnya jangan diberikan orang lain", "tolong jangan dikasihin orang"],
)  # fmt: skip
@pytest.mark.parametrize("state", [CONFIRMING, OFFERED])
async def test_nothing_is_let_go(
    classifier: LocalClassifier, text: str, state: Expectation
) -> None:
    """Whoever begs to have it kept keeps it."""
    read = await understood(classifier, text, state)
    assert read.intent != "reject" or read.values() == {"keeps": True}
    assert read.intent not in {"approve", "cancel"}


@pytest.mark.parametrize("denied", ["jangan batal", "gajadi dibatalkan", "don't cancel"])
@pytest.mark.parametrize(
    ("wish", "intent", "told"),
    [
        ("4 aja", "choose_option", {"option_number": 4}),
        ("yang keempat", "choose_option", {"option_number": 4}),
        ("tgl 26 aja", "choose_date", {"service_date": "2026-11-26"}),
        ("diundur aja", "reschedule", {}),
        ("pindah ke kamis", "reschedule", {"service_date": "2026-11-26"}),
    ],
)
def test_what_is_wanted_beside_it(
    denied: str, wish: str, intent: str, told: dict[str, object]
) -> None:
    """It is heard as if it had been said alone, before or after."""
    for text in (f"{denied}, {wish}", f"{wish}, {denied}"):
        read = heard(text, CHOOSING)
        assert (read.intent, read.values()) == (intent, told)


def test_the_day_it_is_not_moved_to(hear: Hear) -> None:
    """It is none that is wanted."""
    assert hear("ga jadi pindah ke tgl 26", "choosing_date").values() == {"keeps": True}


@pytest.mark.parametrize(
    "text",
    ["batal", "ga jadi", "gajadi, batal aja", "tidak jadi, cancel", "batal, ga jadi",
     "ga bisa datang, batal", "data jangan dihapus, antriannya aja dibatalkan",
     "ga jadi pindah tanggal, batalin sekalian", "kalau gitu batal aja"],
)  # fmt: skip
async def test_what_still_cancels(classifier: LocalClassifier, text: str) -> None:
    """Who cancels cancels, whatever else they say no to."""
    assert (await understood(classifier, text, BOOKED)).intent == "cancel"


@pytest.mark.parametrize(
    "text", ["kok dibatalkan", "kenapa antrian saya dibatalkan?", "lho kok batal"]
)
def test_wondering_at_it(text: str) -> None:
    """Who wonders why it was cancelled is told how things stand."""
    assert heard(text, CONFIRMING).intent == "ask_status"


@pytest.mark.parametrize(
    "text",
    ["nanti dulu", "ntar dulu ya", "jangan dulu", "jgn dulu pak", "nanti aja", "ntar", "belum",
     "blm siap", "belum yakin", "jangan dulu di acc ya", "not yet", "maybe later", "wait jgn dulu",
     "ojo sek", "ulah waka"],
)  # fmt: skip
@pytest.mark.parametrize("state", [CONFIRMING, OFFERED])
async def test_a_no_for_now(classifier: LocalClassifier, text: str, state: Expectation) -> None:
    """It is no yes, and lets nothing go: as a no that keeps, or as a wish for a moment."""
    read = await understood(classifier, text, state)
    keeps = read.intent == "reject" and read.values() == {"keeps": True}
    assert keeps or read.intent == "wait_a_moment"


@pytest.mark.parametrize(
    "text",
    ["jangan", "enggak", "tidak", "nggak dulu deh", "tidak setuju", "jangan deh", "no", "bukan",
     "enggak, nanti aja", "ga usah", "👎"],
)  # fmt: skip
async def test_a_plain_no(classifier: LocalClassifier, text: str) -> None:
    """It goes on being one."""
    read = await understood(classifier, text, CONFIRMING)
    assert (read.intent, read.values()) == ("reject", {})


@pytest.mark.parametrize(
    "text",
    ["iya bener tp bentar", "ya tapi tunggu dulu", "iya nanti ya", "ok ntar",
     "setuju tapi nanti sore", "ok tapi mikir dulu", "sudah benar sih tapi tunggu dulu",
     "yes but wait", "oke sebentar ya", "bener cuma nanti dulu ya"],
)  # fmt: skip
@pytest.mark.parametrize("state", [CONFIRMING, OFFERED])
def test_a_yes_put_off(text: str, state: Expectation) -> None:
    """It waits for its moment."""
    assert heard(text, state).intent == "wait_a_moment"


@pytest.mark.parametrize(
    "text",
    ["iya", "ya udah", "ok lanjut dulu", "iya benar tapi cepat ya", "setuju"],
)
async def test_a_yes_at_once(classifier: LocalClassifier, text: str) -> None:
    """It is not put off by every 'but'."""
    assert (await understood(classifier, text, CONFIRMING)).intent == "approve"


def test_a_yes_with_more_to_it() -> None:
    """What follows the 'but' is heard for what it is."""
    assert heard("iya tapi nanti saya telat", CONFIRMING).intent == "mark_late"


@pytest.mark.parametrize(
    "text",
    ["bisa dibatalin ga?", "nanti bisa dibatalkan tidak?", "kalau batal gimana",
     "kalo batal kena denda ga", "kalau tgl 25 batal gmn", "kalau dibatalin bisa daftar lagi ga?",
     "kalau ga jadi datang gmn?", "can i cancel it later?", "if i cancel, what happens?"],
)  # fmt: skip
@pytest.mark.parametrize("state", [CHOOSING, CONFIRMING, BOOKED])
async def test_asked_about_it(classifier: LocalClassifier, text: str, state: Expectation) -> None:
    """Who asks what would be cancels nothing."""
    read = await understood(classifier, text, state)
    assert read.intent != "cancel" or read.values() == {"asks": True}


@pytest.mark.parametrize(
    "text",
    [
        "kalau gitu batal aja",
        "tolong dibatalkan, bisa kan?",
        "kalo penuh ya batal aja deh",
        "batal ya?",
    ],
)
async def test_not_only_asked(classifier: LocalClassifier, text: str) -> None:
    """Who begs for it, or decides it, cancels."""
    read = await understood(classifier, text, BOOKED)
    assert (read.intent, "asks" in read.values()) == ("cancel", False)


@given(st.text(), st.sampled_from(["jangan batal ", "ga jadi pindah ", "ya tapi "]), st.text())
def test_any_text(before: str, between: str, after: str) -> None:
    """No text raises."""
    heard(before + between + after, CONFIRMING)
