import ast
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nlu
from bot.dialogue.events import NOTHING_UNDERSTOOD, Expectation, Message, Understood
from nlu.interpreter import Interpreter
from nlu.spelling import clean
from nlu.vocabulary import ENTITY_TYPES, INTENTS

Hear = Callable[..., Understood]

STATES = ["", "welcome", "choosing_date", "identifying", "collecting", "confirming"]
FRAGMENTS = [
    "#", "nama", "saya", "Rina", "budi", "17-08-1990", "31021990", "05012027", "besok", "minggu",
    "depan", "tgl", "5", "januari", "00002681", "JKP-7F4Q2-M8XCK", "batal", "ok", "tidak", "pagi",
    "bicara", "petugas", ",", ".", "\n", "lahir", "0812", "3456", "7890", "👍", "yang", "ketiga",
]  # fmt: skip


@pytest.mark.parametrize("kind", ["image", "audio", "location", "sticker", "unknown"])
def test_media_without_words_is_media(hear: Hear, kind: str) -> None:
    """A picture with nothing written is a picture."""
    assert hear("", kind=kind).intent == "send_media"


def test_a_caption_is_read_like_a_text(hear: Hear) -> None:
    """A form under a picture is a form."""
    assert hear("#Budi#25011987#05012027", kind="image").intent == "submit_identity"


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "\n\n"])
def test_an_empty_text_is_nothing(hear: Hear, text: str) -> None:
    """Nothing written, nothing understood."""
    assert hear(text) == NOTHING_UNDERSTOOD


@pytest.mark.parametrize("state", STATES)
def test_commands_work_everywhere(hear: Hear, state: str) -> None:
    """The way out is open in every state, whatever the state waits for."""
    assert hear("#batal", state).intent == "cancel"
    assert hear("batal", state).intent == "cancel"
    assert hear("mau bicara sama petugas", state).intent == "talk_to_staff"
    assert hear("besok bawa apa aja?", state).intent == "ask_requirements"


async def test_the_interpreter_understands_by_the_grammar(hear: Hear) -> None:
    """The class the dialogue calls gives what the pure function gives."""
    from datetime import UTC, datetime  # noqa: PLC0415 - used here only

    now = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    message = Message("wamid.1", "text", "Pagi, Pak", now)
    heard = await Interpreter().understand(message, Expectation(), now)
    assert heard == hear("Pagi, Pak")


def checked(heard: Understood) -> None:
    """Hold what is true of every answer."""
    assert heard.intent in INTENTS
    assert 0 <= heard.confidence <= 1
    assert {entity.type for entity in heard.entities} <= ENTITY_TYPES
    assert bool(heard.problems) == (heard.intent == "malformed_form")


@given(st.text(), st.sampled_from(STATES))
def test_any_text_is_understood_without_an_error(hear: Hear, text: str, state: str) -> None:
    """No text raises, and every answer keeps to the vocabulary."""
    if not text.lstrip().startswith("/"):
        checked(hear(text, state))


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=10), st.sampled_from(STATES), st.booleans())
def test_any_mixture_of_fragments_is_understood_without_an_error(
    hear: Hear,
    words: list[str],
    state: str,
    spaced: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    """Pieces of real messages in any order raise nothing either."""
    checked(hear((" " if spaced else "").join(words), state))


@given(st.text(), st.sampled_from(STATES))
def test_cleaning_first_changes_no_answer(hear: Hear, text: str, state: str) -> None:
    """What is understood depends on the cleaned text alone."""
    if clean(text)[:1] != "/":
        assert hear(clean(text), state) == hear(text, state)


def work(hear: Hear, text: str, state: str) -> int:
    """Bytecode instructions executed for a message, regular expressions not counted."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        count += event == "opcode"
        return trace

    previous = sys.gettrace()
    sys.settrace(trace)
    try:
        hear(text, state)
    finally:
        sys.settrace(previous)
    return count


@pytest.mark.parametrize(
    "unit",
    ["a ", "#a", "17-08-1990 ", "tgl 5 ", "1 ", "1-", "nama saya ", "lahir ", "hari ", "minggu ",
     "besok ", "saya ", "benar ", "bukan a tapi ", "Rina ", "senin ", "dari ", "nama: ",
     "1/2/1990/", "the ",
     "yang benar ", "bicara ", "0812 ", "a.", "Rina, ", "\n", "jkp-", "tidak ", "5 mei ", "iyaaa",
     "dua ", "tanggal dua puluh ", "dua maret seribu ", "ga bisa datang besok ", "eh "],
)  # fmt: skip
@pytest.mark.parametrize("state", ["collecting", "confirming"])
def test_the_work_grows_with_the_length_only(hear: Hear, unit: str, state: str) -> None:
    """Twice the text is at most about twice the work, whatever it is made of."""
    half, full = ((unit * 800)[:length] for length in (400, 800))
    hear(full, state)  # fills the caches
    assert work(hear, full, state) <= 2.3 * work(hear, half, state) + 2000


def test_no_regular_expression_repeats_a_repetition() -> None:
    """No pattern under nlu can backtrack without bounds: no unbounded repeat inside another."""
    from re import _parser  # noqa: PLC0415 - the only way to look into a pattern

    def depth(parsed: Any) -> int:
        deepest = 0
        for operation, argument in parsed:
            unbounded = 0
            if operation in {_parser.MAX_REPEAT, _parser.MIN_REPEAT}:
                unbounded = int(argument[1] == _parser.MAXREPEAT)
            inner = [p for p in _nested(argument) if isinstance(p, _parser.SubPattern)]
            deepest = max(deepest, unbounded + max(map(depth, inner), default=0))
        return deepest

    patterns = list(_patterns(Path(nlu.__file__).parent))
    assert len(patterns) > 3
    for pattern in patterns:
        assert depth(_parser.parse(pattern)) <= 1, pattern


def _nested(argument: Any) -> list[Any]:
    if isinstance(argument, tuple | list):
        return [leaf for part in argument for leaf in _nested(part)]
    return [argument]


def _patterns(folder: Path) -> list[str]:
    """The literal of every ``re.compile`` under a folder."""
    found = []
    for path in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func) == "re.compile"
                and isinstance(node.args[0], ast.Constant)
            ):
                assert re.compile(node.args[0].value)
                found.append(node.args[0].value)
    return found


@pytest.mark.parametrize("text", ["gak jadi", "ga jadi deh", "nggak jadi ah min", "never mind"])
def test_never_mind(hear: Hear, text: str) -> None:
    """Said alone it may mean whatever was just asked, and says so."""
    heard = hear(text, "confirming")
    assert (heard.intent, heard.values()) == ("cancel", {"never_mind": True})


@pytest.mark.parametrize(
    "text", ["batal", "ga jadi datang", "gak jadi bikin paspor", "batalin aja"]
)
def test_cancelling_is_more_than_never_mind(hear: Hear, text: str) -> None:
    """Who says what is cancelled means it."""
    heard = hear(text, "confirming")
    assert heard.intent == "cancel"
    assert "never_mind" not in heard.values()


@pytest.mark.parametrize(
    "text", ["batal pindah", "gak jadi geser", "ga jadi hapus", "jangan hapus"]
)
def test_what_is_not_to_be_done(hear: Hear, text: str) -> None:
    """A deed that is called off is a no, and never that deed."""
    assert hear(text, "confirming").intent == "reject"


@pytest.mark.parametrize(
    "text", ["batalin Ani aja", "batalkan booking atas nama Ani", "batal si Ani ya"]
)
def test_whose_booking_is_cancelled(hear: Hear, text: str) -> None:
    """Who is named after it is told."""
    assert hear(text).values().get("member_name") == "Ani"
