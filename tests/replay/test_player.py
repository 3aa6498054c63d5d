"""Playing a recording: what counts as different, and where that is said."""

from pathlib import Path
from random import Random

import pytest

from bot.app import rehearsal
from bot.channels.inbound import Collects, Hears
from bot.clock import Clock
from bot.definitions import Definitions
from bot.library import Library
from bot.replay.player import play
from bot.replay.recording import Recording, RecordingError
from bot.replay.report import complaints_about
from bot.settings import load_settings
from bot.sweeper import Sweeper
from storage.stores import stores_in_memory
from tests.replay.writing import HEADER, PlayTurns

ROOT = Path(__file__).parents[2]
SETTINGS = load_settings(ROOT / "config.yml", {})

BOOKED = """
- user: '#Rina Wulandari#17081990#25112026'
  bot: [{contains: privasi}, {contains: Konfirmasi}, {contains: '18034063'}]
- user: '18034063'
  bot: [{contains: Kode booking}, {contains: terlambat}]
"""


async def test_a_right_recording_passes(play_turns: PlayTurns) -> None:
    """Codes come from the seed, so a recording may send them back."""
    played = await play_turns(BOOKED)
    assert played.differences == []


async def test_another_seed_draws_other_codes(play_turns: PlayTurns) -> None:
    """And with another seed the same recording fails."""
    played = await play_turns(BOOKED, f"{HEADER}seed: 2\n")
    assert len(played.differences) == 2


async def test_a_changed_word_fails_on_its_line(play_turns: PlayTurns) -> None:
    """The message that differs is named by file, line and column, and shown."""
    played = await play_turns("""
        - user: '#Rina Wulandari#17081990#25112026'
          bot: [{contains: privasi}, {contains: Konfirmasi}, {contains: '18034063'}]
        - user: hmm
          bot:
            - Maaf, kami menunggu kode persetujuan Anda.
            - contains: '18034063'
    """)
    (complaint,) = complaints_about(played)
    assert 'one.yml:10:9: the answer to "hmm" differs' in complaint.headline
    first, *others = complaint.rows
    assert (first.mark, first.expected, first.said) == (
        "≠",
        "Maaf, kami menunggu kode persetujuan Anda.",
        "Maaf, saya menunggu kode persetujuan Anda.",
    )
    assert {row.mark for row in others} == {" "}
    assert complaint.notes == (
        "understood: none, sure to 0.00",
        "state: passport_guided.confirming",
    )


@pytest.mark.parametrize(
    "turn",
    [
        "{user: Pagi}",
        "{user: Pagi, bot: []}",
        "{user: Pagi, bot: [{contains: Selamat}]}",
        "{user: Pagi, bot: [{contains: Selamat}, {contains: Cara}, {contains: Cara}]}",
        "{user: Pagi, bot: [{contains: Cara}, {contains: Selamat}]}",
    ],
)
async def test_number_and_order_of_messages_count(play_turns: PlayTurns, turn: str) -> None:
    """One message too many, too few, or out of order is a difference; so is one not recorded."""
    assert len((await play_turns(f"- {turn}")).differences) == 1


async def test_user_and_bot_may_stand_apart(play_turns: PlayTurns) -> None:
    """What the bot says may be a list item of its own."""
    played = await play_turns("""
        - user: Pagi
        - bot: [{contains: Selamat}, {contains: Cara}]
    """)
    assert played.differences == []


async def test_an_unknown_tap_names_what_there_is(play_turns: PlayTurns) -> None:
    """A title that is not on the screen cannot be tapped, and the play ends there."""
    played = await play_turns("""
        - user: Pagi
          bot: [{contains: Selamat}, {contains: Cara}]
        - user: {tap: Setuju}
        - user: Pagi
    """)
    (complaint,) = complaints_about(played)
    assert "one.yml:8:5: there is no [Setuju] to tap" in complaint.headline
    assert "[Lihat tanggal], [Syarat dokumen], [Bantuan]" in complaint.headline


async def test_what_was_shown_before_can_still_be_tapped(play_turns: PlayTurns) -> None:
    """A menu shown later comes first, but the buttons before it stay in the chat."""
    played = await play_turns("""
        - user: Pagi
          bot: [{contains: Selamat}, {contains: Cara}]
        - user: {tap: Lihat tanggal}
          bot: [{contains: Tanggal layanan}]
        - user: {tap: Syarat dokumen}
          bot: [{contains: asli}, {contains: Tanggal layanan}]
    """)
    assert played.differences == []


async def test_the_same_message_again_sends_nothing(play_turns: PlayTurns) -> None:
    """Redelivery is recognised, also after time has passed."""
    played = await play_turns("""
        - user: Pagi
          bot: [{contains: Selamat}, {contains: Cara}]
        - user: {again: true}
          bot: []
        - wait: 3 days
        - user: {again: true}
    """)
    assert played.differences == []


async def test_nothing_can_come_again_before_something_came(play_turns: PlayTurns) -> None:
    """A recording that begins with a repetition is a mistake of its writer."""
    assert (await play_turns("- user: {again: true}")).differences[0].problem


async def test_timers_ring_at_their_own_time(play_turns: PlayTurns) -> None:
    """A hold of 15 minutes still stands a moment before, and is gone when they are over."""
    played = await play_turns("""
        - user: '#Rina Wulandari#17081990#25112026'
          bot: [{contains: privasi}, {contains: Konfirmasi}, {contains: Bila semua benar}]
        - wait: 899 seconds
        - wait: 1 second
          bot: [{contains: sudah habis}]
    """)
    assert played.differences == []


async def test_fixtures_change_the_office(play_turns: PlayTurns) -> None:
    """Days may be full or closed for one recording."""
    header = (
        f"{HEADER}fixtures: {{full: [2026-11-24], closed: {{2026-11-25: Pindahan}}, seats: 1}}\n"
    )
    played = await play_turns(
        """
        - user: '#tgllayanan'
          bot: [{contains: privasi}, {contains: '1. Kamis, 26 November 2026'}]
        - user: besok
          bot: [{contains: sudah penuh}, {contains: Tanggal layanan}]
        - user: lusa
          bot: [{contains: (Pindahan)}, {contains: Tanggal layanan}]
        """,
        header,
    )
    assert played.differences == []


async def test_an_unknown_office_is_a_mistake(play_turns: PlayTurns) -> None:
    """The nearest one is named."""
    with pytest.raises(RecordingError, match=r"one.yml:3:1: no office .* 'jakarta_pusat'"):
        await play_turns("- user: Pagi", HEADER.replace("jakarta_pusat", "jakarta_pust"))


async def test_each_play_begins_on_empty_stores(play_turns: PlayTurns) -> None:
    """Playing twice gives the same: nothing is left over from the first time."""
    first, second = await play_turns(BOOKED), await play_turns(BOOKED)
    assert [e.got for e in first.exchanges] == [e.got for e in second.exchanges]


async def test_rules_of_the_office_are_others(play_turns: PlayTurns) -> None:
    """A recording may say how a rule stands for it; a wrong one is named where it stands."""
    turns = (
        "- user: '#Rina Wulandari#17081990#25112026'\n"
        "  bot: [{contains: privasi}, {contains: Konfirmasi}, {contains: 5 menit}]\n"
    )
    played = await play_turns(turns, f"{HEADER}fixtures: {{rules: {{hold_minutes: 5}}}}\n")
    assert played.differences == []
    with pytest.raises(RecordingError, match="unknown key 'hold_minuts'; did you mean"):
        await play_turns(turns, f"{HEADER}fixtures: {{rules: {{hold_minuts: 5}}}}\n")


class Forgetful:
    """A bot that is a new one whenever it is asked for anything; only its stores are the same."""

    def __init__(self, definitions: Definitions, clock: Clock, random: Random) -> None:
        self.stores = stores_in_memory()
        self._new = lambda: rehearsal(definitions, SETTINGS, clock, random, None, self.stores)

    @property
    def library(self) -> Library:
        return self._new().library

    @property
    def turns(self) -> Hears:
        return self._new().turns

    @property
    def outbox(self) -> Collects:
        return self._new().outbox

    @property
    def sweeper(self) -> Sweeper:
        return self._new().sweeper


@pytest.mark.parametrize("name", ["guided", "family", "photo", "one_shot", "reminder"])
async def test_nothing_but_what_is_stored_goes_from_turn_to_turn(
    definitions: Definitions, name: str
) -> None:
    """A recording goes the same when every turn has a bot of its own on the stored documents."""
    path = ROOT / "tests" / "conversations" / f"exact_{name}.yml"
    played = await play(Recording.read(path), definitions, Forgetful)
    assert [str(complaint) for complaint in complaints_about(played)] == []
