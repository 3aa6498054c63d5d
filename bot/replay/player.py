"""Plays a recording through the real bot and writes down what it answers.

Everything is real but the world around it: empty stores, a clock that only ``wait`` moves, and
codes drawn from the recording's seed. The conversation is stored and loaded again between any
two turns, so nothing that lives only in memory can help it along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from bot.definitions import Definitions
from bot.replay.acted import Scripted
from bot.replay.captured import filled, recoded
from bot.replay.played import Exchange, Played
from bot.replay.points import Passed
from bot.replay.recording import Recording, Turn
from bot.replay.scene import CannotPlayError, Rehearse, Scene
from bot.replay.witness import Witness
from bot.replay.world import StandingClock, World, contact_of, office_of, offices_with

__all__ = ["Exchange", "Played", "Rehearse", "play"]


async def play(
    recording: Recording,
    definitions: Definitions,
    rehearse: Rehearse,
    passed: Callable[[], Passed] = Passed,
    *,
    live: bool = False,
) -> Played:
    """Play a recording from beginning to end.

    After a turn that cannot be played (a tap on something that is not there) nothing more is.

    Args:
        passed: what of the definitions was passed since last asked, if anybody watches them.
        live: in a recording of a live conversation, too, actions are run and staff act; the codes
            that are given then stand in the places of those that were.

    Raises:
        RecordingError: its office does not exist, or its fixtures cannot be.
    """
    script = recording.script
    office, contact = office_of(recording, definitions), contact_of(recording, definitions)
    clock, random, witness = StandingClock(script.now), Random(script.seed), Witness()  # noqa: S311 - the same codes every time
    offices = offices_with(office, definitions)
    scripted = Scripted()
    here = scripted.over(replace(definitions, offices=offices))
    bot = rehearse(witness.watching(here, script.contact.language), clock, random)
    aside = Random(f"fixtures {script.seed}")  # noqa: S311 - the same codes every time
    world = World(recording, here, office, contact, bot.stores, aside)
    values = dict(await world.furnish())
    scene = Scene(
        bot,
        office,
        offices,
        contact,
        clock,
        aside,
        witness,
        scripted,
        journal=script.journal,
        live=script.journal and live,
    )
    exchanges = await _exchanges(script.turns, scene, values, passed)
    records: Sequence[Mapping[str, Any]] = ()
    if any(exchange.differs for exchange in exchanges):
        records = await bot.stores.conversations.transcript(contact.conversation_id)
        exchanges = list(_explained(exchanges, records))
    return Played(recording, tuple(exchanges), definitions.flows.version, tuple(records))


async def _exchanges(
    turns: Sequence[Turn], scene: Scene, values: dict[str, str], passed: Callable[[], Passed]
) -> list[Exchange]:
    """Every turn, played.

    Args:
        values: captured so far; more are added.
    """
    exchanges: list[Exchange] = []
    asked = Exchange(0, "the beginning", None)

    def left_over() -> Sequence[Exchange]:
        """What the recording says nothing about."""
        told = scene.take()
        return [replace(asked, told=told, passed=passed())] if told else []

    for at, written in enumerate(turns):
        turn = recoded(filled(written, values), scene.scripted.codes)
        if turn.happens:
            exchanges += left_over()
            asked = Exchange(at, turn.prompt, None)
            try:
                await scene.play(turn, at)
            except CannotPlayError as error:
                exchanges.append(replace(asked, problem=str(error), culprit=error.culprit))
                break
        if turn.bot is not None or turn.expect or turn.capture:
            expected = recoded(written, scene.scripted.codes)
            exchange = await _exchange(at, asked.prompt, expected, scene, values)
            endings = scene.scripted.otherwise()
            exchanges.append(replace(exchange, passed=passed(), endings=endings))
    exchanges += left_over()
    return exchanges


async def _exchange(
    at: int, prompt: str, turn: Turn, scene: Scene, values: dict[str, str]
) -> Exchange:
    """What was expected, and what is; captured values are added to ``values``."""
    told = scene.take()
    seen = await scene.look() if turn.expect or turn.capture else {}
    played = Exchange(at, prompt, None, told, seen=seen, values=dict(values))
    found = played.captures(turn).items()
    values.update({name: value for name, value in found if value is not None})
    return played.against(turn)


def _explained(
    exchanges: Sequence[Exchange], records: Sequence[Mapping[str, Any]]
) -> Iterator[Exchange]:
    """The exchanges with what was understood, and the state they led to.

    Args:
        records: the journal's, oldest first.
    """
    by_turn: dict[int, list[Mapping[str, Any]]] = {}
    latest = -1
    for record in records:
        message = str(record["_id"]).rpartition("|")[2]
        if message.startswith("turn-"):
            latest = int(message.removeprefix("turn-").partition(".")[0])
        by_turn.setdefault(latest, []).append(record)
    for exchange in exchanges:
        before = [at for at in by_turn if at <= exchange.at]
        own = by_turn.get(exchange.at, [])
        reached = by_turn[max(before)][-1]["after"] if before else []
        heard = [each["understood"] for each in own if "understood" in each]
        understood: Mapping[str, Any] = heard[0] if heard else {}
        yield replace(exchange, state=" > ".join(reached), understood=understood)
