"""What must come of a turn: patterns, replies by key, stored values; and values kept for later."""

import time

import pytest

from bot.dialogue.reply import Reply
from bot.replay.agreeing import disagreements
from bot.replay.answer import Answer, Told
from bot.replay.pattern import SECONDS
from bot.replay.report import complaints_about
from tests.replay.writing import HEADER, PlayTurns, ReplayFile, Write

SAID = Told(
    Reply("Halo\nPak 123"),
    "greeting",
    {"hold": {"name": "RINA", "number": 7}, "dates": ["2026-11-24"], "note": None},
    frozenset({"hold.name", "dates"}),
)

BOOKING = """
- user: '#Rina Wulandari#17081990#25112026'
  bot:
    - reply: privacy_notice
    - contains: Konfirmasi
    - matches: 'kode persetujuan \\*\\d{8}\\*'
  capture: {code: 'kode persetujuan \\*(\\d{8})\\*', seat: slots.hold.number}
  expect:
    state: passport_guided.confirming
    slots: {hold: {number: '{{ seat }}'}}
"""


@pytest.mark.parametrize(
    ("answer", "misfit"),
    [
        ({"matches": r"^Pak \d+$"}, None),
        ({"matches": r"^\d"}, ("matches",)),
        ({"reply": "greeting"}, None),
        ({"reply": "goodbye"}, ("reply",)),
        ({"reply": "greeting", "with": {"hold.name": "RINA"}}, None),
        ({"reply": "greeting", "with": {"hold": {"number": 7}, "dates": ["2026-11-24"]}}, None),
        ({"reply": "greeting", "with": {"hold": {"number": 8}}}, ("with", "hold", "number")),
        ({"reply": "greeting", "with": {"dates": []}}, ("with", "dates")),
        ({"contains": "Pak", "buttons": ["Ya"]}, ("buttons",)),
    ],
)
def test_an_answer_fits_or_says_where_not(answer: dict[str, object], misfit: object) -> None:
    """The first thing that is not so is named."""
    assert Answer.model_validate(answer).misfit(SAID) == misfit


@pytest.mark.parametrize(
    ("answer", "pins"),
    [
        ({"text": "Halo"}, True),
        ({"contains": "Halo"}, False),
        ({"matches": "Halo"}, False),
        ({"reply": "greeting"}, False),
        ({"reply": "greeting", "with": {"hold.name": "RINA"}}, False),
        ({"reply": "greeting", "with": {"hold.name": "RINA", "dates": []}}, True),
        ({"reply": "greeting", "with": {"hold": {"name": "RINA"}, "dates": []}}, True),
        ({"reply": "greeting", "with": {"hold": {"number": 7}, "dates": []}}, False),
    ],
)
def test_exact_text_or_all_variables_leave_nothing_open(
    answer: dict[str, object],
    *,
    pins: bool,
) -> None:
    """Only then could no word change unnoticed."""
    assert Answer.model_validate(answer).pins(SAID) is pins


def test_a_pattern_does_not_take_for_ever() -> None:
    """One that would backtrack for years is given up, and does not fit."""
    began = time.monotonic()
    told = Told(Reply("a" * 40 + "b"))
    assert Answer(matches="(a+)+$").misfit(told) == ("matches",)
    assert time.monotonic() - began < SECONDS + 5


def test_only_what_is_written_is_compared() -> None:
    """Dates and numbers as they are written; lists as a whole."""
    actual = {"day": "2026-11-24", "number": 1, "names": ["A", "B"], "none": None}
    assert list(disagreements({"number": "1", "none": None}, actual)) == []
    found = [each.loc for each in disagreements({"names": ["A", "C"], "x": 1}, actual)]
    assert found == [("names", 1), ("x",)]


async def test_values_are_kept_for_later(play_turns: PlayTurns) -> None:
    """Whatever the seed draws, the code that was shown is sent back."""
    later = "- user: '{{ code }}'\n  bot: [{contains: Kode booking}, {contains: terlambat}]\n"
    for seed in (1, 2):
        assert (await play_turns(BOOKING + later, f"{HEADER}seed: {seed}\n")).differences == []


async def test_turns_say_how_strictly_they_are_checked(play_turns: PlayTurns) -> None:
    """Exact is what says something and leaves no word open; a key alone, or a part, does."""
    known = "[{reply: privacy_notice}, {reply: which_date, with: {dates: %s, remaining: {}}}]"
    dates = ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30"]
    for bot, written, pinned in (
        (known % dates, True, True),
        ("[{reply: privacy_notice}, {reply: which_date}]", True, False),
        ("[{reply: privacy_notice}, {contains: Selasa}]", False, False),
    ):
        played = await play_turns(f"- {{user: '#tgllayanan', bot: {bot}}}")
        assert played.differences == []
        (turn,), (exchange,) = played.recording.script.turns, played.exchanges
        assert (turn.is_exact, exchange.is_exact) == (written, pinned)


async def test_each_thing_that_is_not_so_is_named(play_turns: PlayTurns) -> None:
    """By its line, with what is there instead."""
    turns = BOOKING.replace("confirming", "booked").replace(r"(\d{8})", r"(\d{9})")
    played = await play_turns(turns.replace("'{{ seat }}'", "99"))
    told = [(each.place.line, each.what) for each in complaints_about(played)]
    assert [line for line, _ in told] == [11, 13, 14]
    assert told[0][1].startswith("nothing to capture as 'code'")
    assert told[1][1] == ("state is 'passport_guided.confirming', not 'passport_guided.booked'")
    assert told[2][1] == "slots.hold.number is '1', not '99'"


async def test_what_is_expected_is_updated_too(write: Write, replay_file: ReplayFile) -> None:
    """Each value on its own line, names of captured values kept, comments too."""
    path = write(
        BOOKING.replace("confirming", "booked  # where we are")
        + """
- user: '#status'
  bot:
    - 'Kode: {{ code }}'
  expect: {flow: status, booking: {number: 8, state: held}, people: 1}
"""
    )
    result = await replay_file(path, updating=True)
    assert result.passed, result.complaints
    text = path.read_text()
    assert "state: passport_guided.confirming  # where we are\n" in text
    assert "expect: {flow: passport_guided, booking: {number: '1', state: held}, people: 1}" in text
    assert "*{{ code }}*" in text.partition("#status")[2]
    assert "+    state: passport_guided.confirming  # where we are" in result.changes.replace(
        "      ", "    "
    )
    assert (await replay_file(path)).passed
