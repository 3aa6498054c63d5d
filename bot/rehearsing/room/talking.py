"""Talking to a draft: a recording of what somebody said so far, played from its beginning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bot.definitions import Definitions
from bot.document import meant
from bot.drafting.talk import Choice, Input, Message, Talk, Talked, TalkTurn, Understood
from bot.errors import AntreError
from bot.replay.answer import BESIDE, Answer, Told
from bot.replay.played import Played
from bot.replay.player import play
from bot.replay.recording import Recording
from bot.replay.suite import Stage
from bot.replay.transcribing import as_yaml, plain
from bot.replay.updating import update

SENDER: Final = "6281200000001"
UNTITLED: Final = "Percakapan"


async def talked(talk: Talk, definitions: Definitions, stage: Stage, title: str = "") -> Talked:
    """Go through a talk.

    Args:
        title: of the recording that is made of it; none is made without.

    Raises:
        AntreError: there is no such office, or the recording cannot be written.
    """
    if not talk.inputs:
        return Talked()
    with TemporaryDirectory(prefix="talk-") as folder:
        path = Path(folder) / "talk.yml"
        path.write_text(as_yaml(_document(talk, definitions, title or UNTITLED)), encoding="utf-8")
        recording = Recording.read(path)
        async with stage() as rehearse:
            played = await play(recording, definitions, rehearse)
        turns = tuple(_turns(talk, played))
        if title:
            if problem := next((each.problem for each in turns if each.problem), ""):
                raise AntreError(problem)
            update(played)
        return Talked(turns, recording=path.read_text(encoding="utf-8") if title else "")


def _document(talk: Talk, definitions: Definitions, title: str) -> Mapping[str, Any]:
    """The talk as a recording's file has it."""
    office = definitions.offices.get(talk.office)
    if office is None:
        known = [each.id for each in definitions.offices]
        raise AntreError(f"no office {talk.office!r}{meant(talk.office, known)}")
    now = talk.now.astimezone(office.zone).replace(second=0, microsecond=0)
    contact = {"channel": "whatsapp", "sender": SENDER, "profile": "Wati"}
    return {
        "title": plain(title),
        "now": now.isoformat(timespec="minutes"),
        "office": office.id,
        "contact": contact | ({"language": talk.language} if talk.language else {}),
        "flow": office.flow,
        "version": definitions.flows.version,
        "turns": [_turn(each) for each in talk.inputs],
    }


def _turn(said: Input) -> Mapping[str, Any]:
    match said.kind:
        case "wait":
            return {"wait": said.text}
        case "tap":
            return {"user": {"tap": plain(said.text)}}
        case _:
            return {"user": plain(said.text)}


def _turns(talk: Talk, played: Played) -> Iterator[TalkTurn]:
    told: dict[int, list[Told]] = {}
    problems: dict[int, str] = {}
    for exchange in played.exchanges:
        told.setdefault(exchange.at, []).extend(exchange.told)
        if exchange.problem:
            problems[exchange.at] = exchange.problem
    records = _records_by_turn(played)
    state = ""
    for at, said in enumerate(talk.inputs):
        own = records.get(at, [])
        if own:
            state = " > ".join(own[-1]["after"])
        heard = next((each["understood"] for each in own if "understood" in each), None)
        yield TalkTurn(
            said,
            tuple(map(_message, told.get(at, ()))),
            state,
            _understood(heard) if heard else None,
            problems.get(at, ""),
        )
        if at in problems:
            break


def _records_by_turn(played: Played) -> Mapping[int, list[Mapping[str, Any]]]:
    """The journal's records, each with the turn it was written in: timers in that of the wait."""
    found: dict[int, list[Mapping[str, Any]]] = {}
    turns = played.recording.script.turns
    waits = [at for at, turn in enumerate(turns) if turn.wait]
    latest = -1
    for record in played.records:
        message = str(record["_id"]).rpartition("|")[2]
        if message.startswith("turn-"):
            latest = int(message.removeprefix("turn-").partition(".")[0])
            found.setdefault(latest, []).append(record)
        else:
            during = next((at for at in waits if at > latest), latest)
            found.setdefault(during, []).append(record)
    return found


def _understood(heard: Mapping[str, Any]) -> Understood:
    entities = tuple((str(each["type"]), str(each["value"])) for each in heard.get("entities", ()))
    return Understood(str(heard["intent"]), float(heard.get("confidence", 0)), entities)


def _message(told: Told) -> Message:
    reply = told.reply
    answer = Answer.of(reply)
    return Message(
        reply.text,
        told.key,
        tuple(Choice(each.title, each.description) for each in reply.buttons),
        reply.menu,
        tuple(f"{part}: {value}" for part in BESIDE if (value := getattr(answer, part))),
    )
