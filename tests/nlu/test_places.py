"""Questions about an office of another city, told from towns mentioned by the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.events import Expectation, Message, Understood
from nlu.grammar import understand
from tests.nlu.conftest import STATES

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Jakarta"))


def towns(text: str) -> Sequence[str]:
    """Three towns, one of them with two offices."""
    known = {"depok": ["depok"], "bogor": ["bogor"], "kota": ["kota_barat", "kota_timur"]}
    return [town for word, ids in known.items() if word in text.lower() for town in ids]


def heard(text: str, state: str = "welcome", venue: str = "bogor") -> Understood:
    """What is understood in Bogor's chat."""
    expected: Expectation = replace(STATES[state], venue=venue)
    return understand(Message("m1", "text", text, NOW), expected, NOW, towns)


@pytest.mark.parametrize(
    "text",
    ["kantor depok dimana", "daftar di depok bisa?", "where is the depok office", "alamat depok"],
)
@pytest.mark.parametrize("state", ["welcome", "choosing_date", "confirming"])
def test_another_office_is_asked_about(text: str, state: str) -> None:
    """Its id is the entity ``office``."""
    understood = heard(text, state)
    assert understood.intent == "ask_office"
    assert understood.values()["office"] == "depok"


def test_a_name_of_several_is_left_open() -> None:
    """Only the words are told; the action finds the offices and asks."""
    understood = heard("kantor kota di mana ya")
    assert understood.intent == "ask_office"
    assert understood.values() == {"place": "kantor kota di mana ya"}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("daftar di bogor bisa?", "register"),
        ("saya tinggal di depok, bisa daftar di sini?", "register"),
        ("orang depok mau daftar", "register"),
        ("pagi", "greet"),
        ("batal depok", "cancel"),
        ("mau daftar", "register"),
    ],
)
def test_a_town_by_the_way_is_none(text: str, intent: str) -> None:
    """One's own office, where one comes from, or no town at all."""
    assert heard(text).intent == intent


@pytest.mark.parametrize("text", ["Rina Depok", "nama saya Budi Depok lahir 17-08-1990"])
def test_a_town_in_a_name_is_a_name(text: str) -> None:
    """Many people are called after one."""
    assert heard(text, "identifying").values()["person_name"].endswith("Depok")


def test_an_address_is_no_question() -> None:
    """While an address is awaited, its town is part of it."""
    state = Expectation("asking", missing=("address",), venue="bogor")
    message = Message("m1", "text", "alamat saya jalan kenanga 5 depok", NOW)
    assert understand(message, state, NOW, towns).intent != "ask_office"
