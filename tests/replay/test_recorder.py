"""Live conversations made into recordings: they replay, and nobody is found in them."""

import asyncio
import getpass
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from typer.testing import CliRunner

from bot.channels.inbound import Inbound
from bot.cli import cli
from bot.definitions import Definitions
from bot.dialogue.events import Message
from bot.rehearsing.studio import in_memory
from bot.rehearsing.taking import NoConversationError, recorder_of
from bot.replay.extent import WHOLE, Extent
from bot.replay.recorder import OTHERWISE, Recorded, public_text, recorded
from bot.replay.straying import Way
from bot.replay.suite import Result, replay_file
from tests.replay.conftest import SETTINGS
from tests.support.meeting import Guest, Happening, Meeting, happenings, people
from tests.support.steps import GoOn, Say, Wait
from tests.support.traces import Somebody, traces
from tests.support.walking import crashes

PUBLIC = public_text(SETTINGS.flows.folder)
STAGE = in_memory(SETTINGS, None)

RATIH_P = ("Ratih Prameswari", date(1991, 4, 13))
TONI = ("Toni Siregar", date(1985, 2, 3))


def _guests(definitions: Definitions, met: list[BaseException], office: str) -> list[Guest]:
    """Two people at one office, on the same stores."""
    first, second = Meeting(definitions, SETTINGS, office, met, [RATIH_P, TONI]).guests
    first.contact = replace(first.contact, sender="6281298765432", profile="Ratih P")
    return [first, second]


async def _recorded(
    guest: Guest, records: Sequence[Mapping[str, Any]] = (), extent: Extent = WHOLE
) -> Recorded:
    """What is made of somebody's journal, or of another one."""
    stored = await guest.stores.conversations.load(guest.id)
    assert stored
    records = records or await _journal(guest)
    seats = await guest.stores.seats.of_sender(guest.contact.address)
    parts = guest.definitions, STAGE, PUBLIC, seats, extent
    return await recorded(stored.contact, records, *parts)


async def _journal(guest: Guest) -> list[dict[str, Any]]:
    return [dict(each) for each in await guest.stores.conversations.transcript(guest.id)]


async def _result(made: Recorded, definitions: Definitions, *, live: bool = False) -> Result:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "made.yml"
        path.write_text(made.text, encoding="utf-8")
        return await replay_file(path, definitions, STAGE, live=live)


async def _replays(made: Recorded, definitions: Definitions, *, live: bool = False) -> None:
    result = await _result(made, definitions, live=live)
    assert result.passed, (result.complaints, made.text)


@pytest.mark.parametrize(
    "examples", [12, pytest.param(200, marks=pytest.mark.long)], ids=["some", "many"]
)
def test_any_conversation_replays(definitions: Definitions, examples: int) -> None:
    """Whatever people write at the same office while time passes, messages come twice and at once,
    and staff do their work: the recording of each says what was really said, replays green at once,
    and their numbers do not stand in it.
    """

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
    )
    @given(data=st.data())
    def any_chats(data: st.DataObject) -> None:
        office = data.draw(st.sampled_from(("jakarta_pusat", "bogor", "batam", "tangerang")))
        who = data.draw(people())
        first: list[Happening] = [Say("halo"), *[GoOn()] * data.draw(st.integers(0, 7))]
        begun = [(at, step) for step in first for at in range(len(who))]
        drawn = data.draw(happenings(definitions))

        async def met() -> None:
            with crashes() as errors:
                meeting = Meeting(definitions, SETTINGS, office, errors, who)
                await meeting.take([*begun, *drawn])
                for guest in meeting.guests:
                    made = await _recorded(guest)
                    assert made.differs == (), made.text
                    await _replays(made, definitions)
                    assert not traces(made.text, [Somebody(guest.contact.sender)])

        asyncio.run(met())

    any_chats()


RATIH = Somebody(
    "6281298765432",
    ("Ratih Prameswari",),
    (date(1991, 4, 13),),
    ("ratih.pram@surat.example", "3171235304910007"),
)


@pytest.mark.parametrize(
    "texts",
    [
        ("halo", "#RATIH PRAMESWARI#13041991#24112026"),
        ("halo", "mau daftar paspor", "besok", "nama saya ratih prameswari lahir 13 april 1991"),
        ("halo", "daftar", "1", "Ratih Prameswari", "13/4/1991", "email ratih.pram@surat.example"),
        ("halo", "nik saya 3171235304910007", "hp 0812-9876-5432, ratihprameswari", "13-04-91"),
        ("english", "#ratih prameswari#13-04-1991#24-11-2026", "I am Ratih, april 13, 1991"),
    ],
)
async def test_nobody_is_left(definitions: Definitions, texts: Sequence[str]) -> None:
    """However somebody writes who they are: nothing of it is in the recording, and the
    conversation goes as it went.
    """
    with crashes() as met:
        guest, _ = _guests(definitions, met, "jakarta_pusat")
        for text in texts:
            await guest.take(Say(text))
        codes = [str((await guest.conversation()).slots.get("approval_code") or "no code")]
        await guest.take(GoOn())
        await guest.take(Wait(600))
        seats = await guest.stores.seats.of_sender(guest.contact.address)
        codes += [seat.booking_code for seat in seats if seat.booking_code]
        made = await _recorded(guest)
    await _replays(made, definitions)
    assert traces(made.text, [replace(RATIH, others=(*RATIH.others, *codes))]) == []
    assert made.differs == ()


async def test_begun_in_english(definitions: Definitions) -> None:
    """Who came from an English page is greeted in English in the recording, too."""
    with crashes() as met:
        guest, _ = _guests(definitions, met, "jakarta_pusat")
        message = Message("m0", "text", "halo", guest.now)
        await guest.bot.turns.hear(Inbound(guest.contact, message, language="en"))
        await guest.take(Say("#RATIH PRAMESWARI#13041991#24112026"))
        made = await _recorded(guest)
    assert made.differs == ()
    assert YAML(typ="safe").load(made.text)["contact"]["language"] == "en"
    await _replays(made, definitions)


async def test_what_happened_beside_the_messages_is_told(definitions: Definitions) -> None:
    """Messages that came at once, a reminder, and what staff did stand in the recording; it replays
    as it went, and alike when its actions are really run.
    """
    with crashes() as met:
        guest, _ = _guests(definitions, met, "jakarta_pusat")
        await guest.take(Say("#RATIH PRAMESWARI#13041991#24112026"))
        await guest.take(GoOn())
        guest.now += timedelta(minutes=1)
        await guest.send_both("#status", "apa syaratnya")
        await guest.send_both("apa syaratnya")
        await guest.take(Wait(22 * 60))
        for at, verb in enumerate(("check_in", "call", "serve")):
            guest.now += timedelta(minutes=2)
            await guest.is_met(verb, f"staff|{at}")
        await guest.take(Say("#status"))
        made = await _recorded(guest)
    turns = YAML(typ="safe").load(made.text)["turns"]
    (code,) = {turn["staff"]["check_in"] for turn in turns if "check_in" in turn.get("staff", {})}
    acts = [turn["staff"] for turn in turns if "staff" in turn]
    assert acts == [{verb: code} for verb in ("check_in", "call", "serve")]
    assert [turn["user"] for turn in turns if isinstance(turn.get("user"), dict)] == [
        {"at_once": ["#status", "apa syaratnya", "apa syaratnya"]}
    ]
    assert "notice_reminder" in [turn["notice"]["name"] for turn in turns if "notice" in turn]
    assert made.differs == ()
    await _replays(made, definitions)
    await _replays(made, definitions, live=True)


async def test_what_others_had_is_seen_when_actions_are_run(definitions: Definitions) -> None:
    """Run anew without the others, an action that ended otherwise says so."""
    with crashes() as met:
        guest, _ = _guests(definitions, met, "jakarta_pusat")
        await guest.take(Say("#RATIH PRAMESWARI#13041991#24112026"))
        await guest.take(GoOn())
        first, second = await _journal(guest)
        full = {**first["actions"][-1], "outcome": "full", "values": {}}
        made = await _recorded(guest, [first | {"actions": [full]}, second])
    await _replays(made, definitions)
    run = await _result(made, definitions, live=True)
    assert "hold_seat ended as held, then as full" in str(run.complaints[0])


async def test_the_last_episodes_are_enough(definitions: Definitions) -> None:
    """Of somebody who comes back, the last visit alone can be recorded, as to who is known."""
    with crashes() as met:
        guest, _ = _guests(definitions, met, "jakarta_pusat")
        await guest.take(Say("english"))
        await guest.take(Say("#RATIH PRAMESWARI#13041991#24112026"))
        await guest.take(Wait(60 * 24 * 3))
        guest.now += timedelta(minutes=1)
        begun = guest.now
        await guest.take(Say("halo"))
        await guest.take(Say("#tgllayanan"))
        whole = await _recorded(guest)
        last = await _recorded(guest, extent=Extent(last=1))
        since = await _recorded(guest, extent=Extent(since=begun))
    assert whole.turns > last.turns == 2
    assert since.text == last.text
    assert last.differs == ()
    assert "privasi" not in last.text
    await _replays(last, definitions)


async def test_a_running_bot_records(definitions: Definitions) -> None:
    """Who chats with a running bot gets what was said so far; who did not is told so."""
    with crashes() as met:
        guest, _ = _guests(definitions, met, "jakarta_pusat")
        await guest.take(Say("#RATIH PRAMESWARI#13041991#24112026"))
        record = recorder_of(guest.bot, SETTINGS, None)
        text = await record(guest.id)
        with pytest.raises(NoConversationError):
            await record("web:bogor:nobody")
    assert not traces(text, [RATIH])
    await _replays(Recorded(text, 1), definitions)


async def test_others_do_not_matter(definitions: Definitions) -> None:
    """A seat that somebody else had taken is taken in the recording: its number comes second."""
    with crashes() as met:
        first, second = _guests(definitions, met, "jakarta_pusat")
        for guest, name in ((second, "TONI SIREGAR"), (first, "RATIH PRAMESWARI")):
            await guest.take(Say(f"#{name}#13041991#24112026"))
            await guest.take(GoOn())
        made = await _recorded(first)
    assert "Nomor antrean: *2*" in made.text
    assert "journal: true" in made.text
    await _replays(made, definitions)


@pytest.mark.parametrize(
    ("change", "way", "was"),
    [
        ({"after": ["passport_guided.welcome"]}, Way.STATE, "*Konfirmasi penjadwalan"),
        ({"replies": [{"text": "Halo Ratih, ada apa?"}]}, Way.COUNT, "Halo "),
        ({"replies": [{"text": each} for each in ("Halo", "RATIH", "?")]}, Way.WORDS, "Halo"),
    ],
)
async def test_what_was_said_then_is_marked(
    definitions: Definitions, change: Mapping[str, Any], way: Way, was: str
) -> None:
    """A turn that goes otherwise today says so above it and has what was said then beside it,
    with nobody's name; it replays green as it goes today.
    """
    with crashes() as met:
        guest, _ = _guests(definitions, met, "jakarta_pusat")
        await guest.take(Say("#RATIH PRAMESWARI#13041991#24112026"))
        await guest.take(Say("#status"))
        first, second = await _journal(guest)
        made = await _recorded(guest, [first | change, second])
    await _replays(made, definitions)
    assert [each.partition(": ")[2].startswith(way) for each in made.differs] == [True]
    turn = YAML(typ="safe").load(made.text)["turns"][0]
    assert was in str(turn["was"])
    assert f"# {OTHERWISE}: {way}" in made.text.partition("- user")[0]
    assert not traces(made.text, [RATIH])


async def test_a_month_is_no_name(definitions: Definitions) -> None:
    """Somebody called Mei is replaced where they are named, and the month stays."""
    with crashes() as met:
        guest, _ = _guests(definitions, met, "jakarta_pusat")
        await guest.take(Say("#MEI PRAMESWARI#13041991#24112026"))
        await guest.take(Say("kalau 1 mei bisa?"))
        made = await _recorded(guest)
    assert "1 mei bisa" in made.text
    assert "MEI" not in made.text
    await _replays(made, definitions)


async def test_ids_are_nobody(definitions: Definitions) -> None:
    """Ids of messages, which hold telephone numbers, are not kept; moments are, to the letter."""
    with crashes() as met:
        guest, _ = _guests(definitions, met, "jakarta_pusat")
        await guest.take(Say("#RATIH PRAMESWARI#13041991#24112026"))
        made = await _recorded(guest)
        slots = (await guest.conversation()).slots
    assert slots["hold"]["key"] not in made.text
    assert slots["hold_until"] in made.text


def test_a_chat_is_recorded(tmp_path: Path) -> None:
    """What somebody says in the terminal stands in the file they asked for, and replays."""
    chat, made = "halo\n#RATIH PRAMESWARI#13041991#24112026\n", tmp_path / "chat.yml"
    begin = ["--now", "2026-11-23T09:00+07:00"]
    told = CliRunner().invoke(
        cli,
        ["chat", "--data", str(tmp_path / "data"), "--record", str(made), *begin],
        input=chat,
    )
    assert told.exit_code == 0, told.output
    assert not traces(made.read_text(), [RATIH])
    assert CliRunner().invoke(cli, ["replay", str(made)]).exit_code == 0
    again = CliRunner().invoke(cli, ["record", "web:nowhere:1", "--data", str(tmp_path / "data")])
    assert "no conversation 'web:nowhere:1'" in str(again.exception)
    chatted = f"terminal:jakarta_pusat:{getpass.getuser()}"
    asked = ["inspect", chatted, "--turn", "2", "--data", str(tmp_path / "data")]
    length = CliRunner().invoke(cli, asked).stdout
    for each in ("understood  submit_identity 1.00 by exact", "taken ", "action      hold_seat → "):
        assert each in length
