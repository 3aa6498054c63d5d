"""``antre nlu gaps``: what people wrote and the bot did not understand, to teach it."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any, Final

from bot.clock import Clock
from bot.dialogue.store import NEVER, ConversationStore
from bot.settings import Settings
from nlu.features import levelled
from nlu.spelling import clean, tokenise
from nlu.words import KNOWN

SHORTEST: Final = 3
"""Letters of a word worth learning."""

MOST_TALKS: Final = 100_000
"""Conversations that are looked at, the longest silent first."""

SAID_BY: Final = 2
"""Conversations in which an unknown word has to occur: a name is in one."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A message that was not understood, or hardly.

    Args:
        text: digits and what was taken for a name are blotted out.
        state: where it was said, as ``flow.state``.
        heard: the likeliest intent.
    """

    text: str
    state: str
    heard: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Gaps:
    """What a number of conversations show.

    Args:
        messages: in text that were looked at.
        gaps: the least understood first.
        words: nobody has taught, with the number of conversations they are in.
    """

    messages: int
    gaps: tuple[Gap, ...]
    words: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as it is kept.

    Args:
        records: of its journal.
        names: known from elsewhere, that are blotted out in what is shown.
    """

    records: Sequence[Mapping[str, Any]]
    names: tuple[str, ...] = ()


async def recorded_talks(
    settings: Settings, paths: Sequence[Path], tell: Callable[[str], None]
) -> AsyncIterator[Talk]:
    """What recordings are, played on the bot as it is now.

    Args:
        tell: called with a line for people when there is something to say.

    Raises:
        RecordingError: a recording cannot be read or played.
        FlowError: the flows have mistakes.
    """
    from bot.app import Bot, rehearsal  # noqa: PLC0415 - `--help` need not load it all
    from bot.classifiers import chosen_classifier  # noqa: PLC0415
    from bot.definitions import Definitions, load_definitions  # noqa: PLC0415
    from bot.metrics import Metrics  # noqa: PLC0415
    from bot.replay.player import play  # noqa: PLC0415
    from bot.replay.recording import Recording, recordings_in  # noqa: PLC0415

    definitions, bots = load_definitions(settings.flows), list[Bot]()
    async with chosen_classifier(settings, Metrics(), tell) as classifier:

        def rehearse(definitions: Definitions, clock: Clock, random: Random) -> Bot:
            bots.append(rehearsal(definitions, settings, clock, random, classifier))
            return bots[-1]

        for path in recordings_in(paths):
            await play(Recording.read(path), definitions, rehearse)
            async for talk in talks_of(bots.pop().stores.conversations, NEVER):
                yield replace(talk, names=())  # what is recorded is shown as it is written


async def talks_of(conversations: ConversationStore, now: datetime) -> AsyncIterator[Talk]:
    """Every conversation that is kept, the longest silent first."""
    for id_ in await conversations.idle(now, MOST_TALKS):
        stored = await conversations.load(id_)
        if stored is None:
            continue  # erased in this moment
        slots = stored.conversation.slots.values()
        names = (stored.contact.profile, *(value for value in slots if isinstance(value, str)))
        yield Talk(await conversations.transcript(id_), names)


def gaps_in(talks: Sequence[Talk], known: frozenset[str], below: float) -> Gaps:
    """What conversations show.

    Args:
        known: folded words of the training data.
        below: messages understood with less confidence count as hardly understood.
    """
    counts: Counter[str] = Counter()
    gaps: list[Gap] = []
    messages = 0
    for talk in talks:
        names = {word for name in talk.names for word in _words(name)}
        said: set[str] = set()
        for record in talk.records:
            text, understood = _text(record), record.get("understood")
            if not (text and understood):
                continue
            messages += 1
            hidden = names | set(_named(understood))
            said |= {word for word in levelled(text) if _is_telling(word)} - hidden
            if understood["intent"] == "none" or understood["confidence"] < below:
                gaps.append(_gap(record, text, understood, hidden))
        counts.update(said - known - KNOWN)
    gaps.sort(key=lambda gap: (gap.confidence, gap.text))
    words = {word: count for word, count in counts.most_common() if count >= SAID_BY}
    return Gaps(messages, tuple(gaps), words)


def lines_of(gaps: Gaps, most: int) -> Iterator[str]:
    """For people; at most so many messages and words."""
    yield f"{gaps.messages} messages, {len(gaps.gaps)} of them hardly understood or not at all"
    for gap in gaps.gaps[:most]:
        yield f"  {gap.confidence:.2f} {gap.heard:<20} {gap.state:<30} {gap.text}"
    if gaps.words:
        yield f"{len(gaps.words)} words that no example has, and the conversations they are in"
        for word, count in list(gaps.words.items())[:most]:
            yield f"  {count:>4} {word}"


def _gap(
    record: Mapping[str, Any], text: str, understood: Mapping[str, Any], hidden: set[str]
) -> Gap:
    guesses = understood.get("guesses") or [understood["intent"]]
    before: Sequence[str] = record["before"]
    state = before[-1] if before else "start"
    return Gap(blotted(text, hidden), state, str(guesses[0]), float(understood["confidence"]))


def blotted(text: str, hidden: Container[str]) -> str:
    """A text in a line, every digit a nought and every hidden word a dash."""
    text = clean(text)
    shown, until = "", 0
    for token in tokenise(text):
        shown += text[until : token.start]
        if token.is_number:
            shown += "0" * len(token.text)
        elif token.word in hidden:
            shown += "–"  # noqa: RUF001 - a dash
        else:
            shown += token.text
        until = token.end
    return " ".join(shown.split())


def _text(record: Mapping[str, Any]) -> str:
    """What was typed, if it is in words; a tap that somebody typed is none."""
    message = record.get("message") or {}
    text = str(message.get("text") or "") if message.get("kind") == "text" else ""
    return text if any(map(str.isalpha, text)) and not text.startswith("/") else ""


def _named(understood: Mapping[str, Any]) -> Iterator[str]:
    """Folded words of names that were found in a message."""
    for entity in understood.get("entities", ()):
        if entity["type"] in {"person_name", "member_name", "address"}:
            yield from _words(str(entity["value"]))


def _words(text: str) -> list[str]:
    """The words of a text, folded."""
    return [token.word for token in tokenise(clean(text)) if token.is_word]


def _is_telling(word: str) -> bool:
    """Whether it is a word worth learning."""
    return len(word) >= SHORTEST and word[0].isalpha()
