"""Every flow works by exact forms, by taps and by words alone; docs/testing.md says where."""

import re
from functools import cache
from pathlib import Path

import pytest

from bot.app import rehearsal
from bot.definitions import load_definitions
from bot.replay.coverage import Watch
from bot.replay.player import Played, play
from bot.replay.points import Atlas, Point
from bot.replay.recording import MEDIA, TAP, Recording, Said, Turn
from bot.settings import Settings, load_settings
from nlu.corpus import read_corpus
from nlu.local import LocalClassifier

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "conversations"
WAYS = ("exact", "taps", "words")
MOST_MESSAGES = 4
"""From hello to the booking."""

SAYING = 3
"""Words from which on a message is somebody's own way to say it; ``iya mau`` is everybody's."""

_COMMAND = re.compile(r"#.+", re.DOTALL)
_IDENTITY = re.compile(r"(?:#[^#\n]+#\d{8}(?:#[^#\n]+)?\s*)+")
_CODE = re.compile(r"\d+|[A-Z]{3}-?[0-9A-Z]{5}-?[0-9A-Z]{5}")


@cache
def world() -> tuple[Watch, Settings]:
    """The repository's own flows, replies and offices, watched, and its settings."""
    settings = load_settings(ROOT / "config.yml", {})
    definitions = load_definitions(settings.flows)
    return Watch(definitions, Atlas(definitions.flows, settings.flows.folder)), settings


@cache
def table() -> dict[str, dict[str, str]]:
    """The rows of the table by flow, each ``{column: text}``."""
    lines = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    first = next(at for at, row in enumerate(rows) if row[0] == "flow")
    end = next(at for at in range(first, len(rows)) if len(rows[at]) == 1)
    return {row[0]: dict(zip(rows[first], row, strict=True)) for row in rows[first + 2 : end]}


def named(flow: str, way: str) -> list[str]:
    """The recordings of a cell."""
    return [name.strip() for name in table()[flow][way].split(",")]


def shown() -> list[tuple[str, str]]:
    """Each recording of the table with the way it is in, once."""
    return sorted({(name, way) for flow in table() for way in WAYS for name in named(flow, way)})


def way_of(said: Said) -> str:
    """Which of :data:`WAYS` a message is; a photo is what stands under it, and none when bare."""
    text = said.text.strip()
    if said.kind == TAP:
        return "taps"
    if said.kind in MEDIA and not text:
        return ""
    exact = _COMMAND.fullmatch(text) or _CODE.fullmatch(text)
    return "exact" if exact else "words"


def strangers(messages: list[Said], way: str) -> list[Said]:
    """The messages that are in another way."""
    if way == "taps":  # the hello, and what cannot be tapped
        messages = [
            said for said in messages[1:] if not _IDENTITY.fullmatch(said.text.strip() + "\n")
        ]
    return [said for said in messages if way_of(said) not in ("", way)]


def messages_of(recording: Recording) -> list[Said]:
    """All that the applicant sends."""
    return [turn.user for turn in recording.script.turns if turn.user]


def test_no_flow_is_missing() -> None:
    """The table has every flow of the folder, and something in every cell."""
    assert table().keys() == world()[0].watched.flows.flows.keys()
    assert [row for row in table().values() if not all(row.values())] == []


@pytest.mark.parametrize(("name", "way"), shown())
async def test_it_shows_what_the_table_says(
    name: str, way: str, classifier: LocalClassifier
) -> None:
    """It holds one kind of message, goes as recorded, and comes to the end of every flow named."""
    recording = Recording.read(FOLDER / f"{name}.yml")
    assert strangers(messages_of(recording), way) == []
    watching, settings = world()
    played: Played = await play(
        recording,
        watching.watched,
        lambda definitions, clock, random: rehearsal(
            definitions, settings, clock, random, classifier
        ),
        watching.take,
    )
    assert [exchange.prompt for exchange in played.differences] == []
    ends = {
        watching.atlas.states[flow, row["ends in"]]
        for flow, row in table().items()
        if name in named(flow, way)
    }
    passed = frozenset[Point]().union(*(each.passed.points for each in played.exchanges))
    assert ends <= passed


@pytest.mark.parametrize("flow", [flow for flow in table() if flow.startswith("passport_")])
def test_words_book_in_four_messages(flow: str) -> None:
    """Whoever chats has a booking after four messages at most."""
    for name in named(flow, "words"):
        turns = Recording.read(FOLDER / f"{name}.yml").script.turns
        until = next(at for at, turn in enumerate(turns) if is_booking(turn))
        assert len([turn for turn in turns[: until + 1] if turn.user]) <= MOST_MESSAGES


def is_booking(turn: Turn) -> bool:
    """Whether a turn ends in the card of a booking."""
    return any(answer.barcode and "Nomor antrean" in answer.text for answer in turn.bot or ())


def test_words_are_not_the_examples() -> None:
    """What people say in these recordings is not what the classifier was taught, word for word."""
    taught = {example.text.lower() for example in read_corpus(ROOT / "nlu" / "data").examples}
    said = {
        message.text.strip().lower()
        for name, way in shown()
        if way == "words"
        for message in messages_of(Recording.read(FOLDER / f"{name}.yml"))
    }
    assert {text for text in said & taught if len(text.split()) >= SAYING} == set()
