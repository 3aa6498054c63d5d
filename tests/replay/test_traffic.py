"""Conversations that took place, gone through again: unchanged flows change nothing, and an edit
is found under its cause alone.
"""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.channels.inbound import Inbound
from bot.cli import cli
from bot.console import Console
from bot.definitions import Definitions, load_definitions
from bot.dialogue.events import Message
from bot.dialogue.replies import Replies
from bot.dialogue.store import Contact
from bot.document import Document
from bot.junit import junit_xml
from bot.privacy.redacting import redacted
from bot.rehearsing.traffic import cast_of, each_compared
from bot.replay.recorder import public_text
from bot.replay.traffic.change import Cause
from bot.replay.traffic.comparing import AFTER, NOT_KEPT, UNKNOWN, Period, compare
from bot.replay.traffic.reenacting import Cast
from bot.replay.traffic.tally import Tally, show_tally
from bot.stores import Stores
from nlu.classifier import Guess
from tests.replay.conftest import SETTINGS
from tests.support.house import TALK, House
from tests.support.meeting import Happening, Meeting, happenings, people
from tests.support.steps import GoOn, Say, Wait
from tests.support.traces import Somebody, traces
from tests.support.walking import crashes

EVER = Period(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def cast(definitions: Definitions) -> Cast:
    """The shipped flows, as they are."""
    return cast_of(SETTINGS, definitions, SETTINGS.flows.folder, None)


async def _tally(
    stores: Stores, conversations: Sequence[str], cast: Cast, period: Period = EVER
) -> Tally:
    tally, public = Tally(), public_text(SETTINGS.flows.folder)
    async for _ in each_compared(stores, conversations, cast, period, public, tally):
        pass
    return tally


@pytest.mark.parametrize(
    "examples", [8, pytest.param(60, marks=pytest.mark.long)], ids=["some", "many"]
)
def test_nothing_would_change(definitions: Definitions, cast: Cast, examples: int) -> None:
    """Whatever people write at the same office while time passes, messages come twice and at once,
    and staff do their work: on the same flows every turn is understood, goes and is answered as it
    was; also where only the last days are looked at, and they begin in the middle.
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
        hello = Say(data.draw(st.sampled_from(("halo", "english"))))
        first: list[Happening] = [hello, *[GoOn()] * data.draw(st.integers(0, 7))]
        if data.draw(st.booleans()):
            first += [Wait(10 * 24 * 60), Say("sy mau daftar")]
        begun = [(at, step) for step in first for at in range(len(who))]
        drawn = data.draw(happenings(definitions))

        async def met() -> None:
            with crashes() as errors:
                meeting = Meeting(definitions, SETTINGS, office, errors, who)
                await meeting.take([*begun, *drawn])
                guests = meeting.guests
                stores, ids = guests[0].stores, [guest.id for guest in guests]
                tally = await _tally(stores, ids, cast)
                records = await stores.conversations.transcript(ids[0])
                middle = Period(records[len(records) // 2]["at"], EVER.until)
                late = await _tally(stores, ids, cast, middle)
            assert late.changed == 0, late
            assert (tally.conversations, tally.changed, tally.varied) == (len(who), 0, 0), tally
            assert not tally.left_out

        asyncio.run(met())

    any_chats()


ASKS = "do: check_service_hours, outcomes: {open: {say: sorry}, outside: {say: sorry}}, "
SECOND = "  second: {" + ASKS + "ask: two, on: {approve: {go: last}}, "
TALKING = TALK.replace(
    TALK[TALK.index("  second:") : TALK.index("  last:")],
    SECOND + "timeout: {after: 10 minutes, say: late, go: first}}\n",
)
"""A talk whose second state asks the world something."""

EDITS: dict[str, tuple[Cause, str, str, str]] = {
    "wording": (Cause.WORDING, "two", "two: two v1", "two: two, please"),
    "reply": (
        *(Cause.REPLY, "talk.second: said done, says sorry"),
        *("last: {say: done", "last: {say: sorry"),
    ),
    "state": (
        *(Cause.STATE, "talk.first: went to talk.second, goes to talk.last"),
        *("{approve: {go: second}}", "{approve: {go: last}, reject: {go: second}}"),
    ),
    "action": (
        *(Cause.ACTION, "the first message: asks for check_service_hours, which did not run then"),
        *("first: {ask", "first: {" + ASKS + "ask"),
    ),
    "unasked": (
        *(Cause.ACTION, "talk.first: check_service_hours is not asked for any more"),
        *(SECOND, "  second: {say: sorry, ask: two, on: {approve: {go: last}}, "),
    ),
    "gone": (Cause.GONE, "talk.second", "second", "middle"),
    "later": (Cause.TIMER, "talk.second: does not ring when it did", "10 minutes", "30 minutes"),
    "sooner": (
        *(Cause.TIMER, "talk.second: rings before what happened next"),
        *("10 minutes", "1 minute"),
    ),
}


async def _talked(house: House) -> str:
    """Somebody talks to the house's bot; their conversation's id."""
    house.edit("v1", TALKING)
    bot = house.bot()
    for text in ("halo", "ya"):
        await house.says(bot, text)
    await house.wait(bot, minutes=2)
    await house.says(bot, "berapa lama?")
    assert await house.wait(bot, minutes=11) == ["late v1", "one v1"]
    for text in ("ya", "ya"):
        await house.says(bot, text)
    return house.contact("me").conversation_id


async def _again(house: House, conversation: str, period: Period = EVER) -> Tally:
    """What it comes to on the folder as it is now."""
    definitions = load_definitions(house.settings.flows)
    cast = cast_of(house.settings, definitions, house.folder, None)
    return await _tally(house.stores, [conversation], cast, period)


@pytest.mark.parametrize("edit", EDITS)
async def test_an_edit(tmp_path: Path, edit: str) -> None:
    """It is found under its cause and no other, with where it stands in the edited files; without
    it nothing would change.
    """
    house = House.at(tmp_path)
    conversation = await _talked(house)
    assert (await _again(house, conversation)).changed == 0
    cause, what, old, new = EDITS[edit]
    for path in (house.folder / "talk.yml", house.folder / "replies" / "id.yml"):
        path.write_text(path.read_text().replace(old, new))
    tally = await _again(house, conversation)
    assert tally.changed == 1
    assert {(change.cause, change.what) for change in tally.groups} == {(cause, what)}
    [group] = tally.groups.values()
    places = {Cause.WORDING: "", Cause.GONE: ""}
    assert group.example.place.file == places.get(cause, str(house.folder / "talk.yml"))


async def test_a_state_renamed(tmp_path: Path) -> None:
    """Where `migrate:` says what became of a state, nothing would change."""
    house = House.at(tmp_path)
    conversation = await _talked(house)
    renamed = TALKING.replace("second", "middle")
    house.edit("v1", renamed.replace("states:", "migrate: {states: {second: middle}}\nstates:", 1))
    assert (await _again(house, conversation)).changed == 0


async def test_understood_otherwise(tmp_path: Path) -> None:
    """A message that means something else now is told by its intents."""
    house = House.at(tmp_path)
    conversation = await _talked(house)
    definitions = load_definitions(house.settings.flows)
    cast = cast_of(house.settings, definitions, house.folder, Suspicious())
    tally = await _tally(house.stores, [conversation], cast)
    [(change, group)] = tally.groups.items()
    assert (change.cause, change.what) == (Cause.UNDERSTOOD, "talk.second: none → ask_fees")
    assert "understood now: ask_fees, sure to" in str(group.example)


class Suspicious:
    """Takes every question for one about money."""

    async def rank(self, text: str) -> Sequence[Guess]:
        """What it may mean, surest first."""
        return [Guess("ask_fees", 0.99)] if text.endswith("?") else []


async def test_a_later_episode(tmp_path: Path) -> None:
    """What follows a change is not compared until the next episode begins; what began before the
    journal does, never.
    """
    house = House.at(tmp_path)
    conversation = await _talked(house)
    since = house.now + timedelta(seconds=1)
    for text in ("halo", "ya"):
        house.now += timedelta(minutes=1)
        await house.says(house.bot(), text)
    await house.wait(house.bot(), minutes=11)
    house.edit("v1", TALKING.replace("10 minutes", "30 minutes"))
    whole = await _again(house, conversation)
    assert (whole.groups.popitem()[1].turns, dict(whole.left_out)) == (2, {AFTER: 2})
    late = await _again(house, conversation, Period(since, EVER.until))
    assert (late.changed, late.turns, late.left_out) == (1, 3, Counter())


async def test_what_is_kept_no_more(tmp_path: Path) -> None:
    """A conversation without its words is counted as not compared, and why."""
    house = House.at(tmp_path)
    conversation = await _talked(house)
    store = house.stores.conversations
    records = await store.transcript(conversation)
    await store.copy_journal(records)
    stored = await house.stored()
    copied = [record["_id"] for record in records]
    await store.mark_sent(conversation, "", stored.revision, [], copied, stored.due_at)
    bare = [(record["_id"], {**redacted(record, "x", record["_id"])}) for record in records[:2]]
    await store.redact([(old, {**new, "conversation": conversation}) for old, new in bare])
    tally = await _again(house, conversation)
    assert tally.unfit == {UNKNOWN: 1}
    assert tally.left_out == {NOT_KEPT: 2, UNKNOWN: 4}


RATIH = Somebody("6281344405566", ("Ratih Prameswari",), (date(1991, 4, 13),), ("Sulistyowati",))


async def test_nobody_is_told(definitions: Definitions) -> None:
    """Examples show what people and bot said with nobody in it: not in the table, not as JSON nor
    for CI, also where a name was not taken for one.
    """
    with crashes() as met:
        ratih = ("Ratih Prameswari", date(1991, 4, 13))
        [guest] = Meeting(definitions, SETTINGS, "jakarta_pusat", met, [ratih]).guests
        for text in ("tolong Bu Sulistyowati ya", "#RATIH PRAMESWARI#13041991#24112026"):
            await guest.take(Say(text))
        code = str((await guest.conversation()).slots["approval_code"])
        await guest.take(GoOn())
        [seat] = await guest.stores.seats.of_sender(guest.contact.address)
    written = (SETTINGS.flows.folder / "replies" / "id.yml").read_text()
    text = re.sub(r"(?m)^( *)Nama: ", r"\1Nama lengkap: ", written)
    assert text.count("Nama lengkap: ") > 2
    said = Replies("id", Document.parse(text, "id.yml"), gallery=definitions.flows.gallery)
    flows = replace(definitions.flows, replies={**definitions.flows.replies, "id": said})
    edited = replace(definitions, flows=flows)
    cast = cast_of(SETTINGS, edited, SETTINGS.flows.folder, Suspicious())
    tally = await _tally(guest.stores, [guest.id], cast)
    assert {change.what for change in tally.groups} >= {"confirmation", "booking_card"}
    out = StringIO()
    show_tally(tally, Console(file=out, width=110, color_system=None))
    told = [out.getvalue(), json.dumps(tally.as_document()), junit_xml("x", [*tally.cases()])]
    whole = "\n".join(str(each) for each in told)
    assert "Nama lengkap: " in whole
    known = (*RATIH.others, code, str(seat.booking_code))
    assert traces(whole, [replace(RATIH, others=known)]) == []


async def test_an_address_is_no_change(tmp_path: Path) -> None:
    """Sentences that are as they were, and only speak of something else, are counted and no change;
    the number somebody is known by is the one they had.
    """
    house = House.at(tmp_path)
    words = (house.folder / "replies" / "id.yml").read_text()
    words = words.replace("one: one v1", "one: '{{ office.name }}, {{ contact.phone }}'")
    (house.folder / "replies" / "id.yml").write_text(words)
    person = Contact("whatsapp", "6281344405566", "contoh", ids=("6281344405566", "ID.77"))
    bot = house.bot()
    message = Message("m1", "text", "halo", house.now)
    await bot.turns.hear(Inbound(replace(person, heard_at=house.now), message))
    assert (await _again(house, person.conversation_id)).varied == 0
    offices = house.folder / "offices.yml"
    offices.write_text(offices.read_text().replace("Kantor Contoh", "Kantor Baru"))
    tally = await _again(house, person.conversation_id)
    assert (tally.turns, tally.varied, tally.changed) == (1, 1, 0)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "name recordings, as tests/conversations, or say --stored or --from-storage"),
        (["--from-storage", "x.yml"], "takes no recordings"),
        (["--from-storage", "--since", "kemarin"], "--since: write a day, as 2026-11-20, or how"),
        (["--from-storage", "--until", "7"], "--until: write a day, as 2026-11-20; not '7'"),
    ],
)
def test_asked_wrongly(given: list[str], told: str) -> None:
    """What cannot be asked for is told, with the exit code of what cannot be used."""
    done = CliRunner().invoke(cli, ["replay", *given])
    assert done.exit_code == 2
    assert told in done.stderr


async def test_a_journal_without_names_of_replies(tmp_path: Path) -> None:
    """Where nobody noted which sentence an answer was, it counts by what is shown."""
    house = House.at(tmp_path)
    conversation = await _talked(house)
    records = await house.stores.conversations.transcript(conversation)
    bare = [
        {**record, "replies": [{**reply, "origin": None} for reply in record["replies"]]}
        for record in records
    ]
    stored = await house.stored()
    definitions = load_definitions(house.settings.flows)
    cast = cast_of(house.settings, definitions, house.folder, None)
    assert (await compare(cast, stored.contact, bare, EVER)).found == []
    house.edit("v2", TALKING)
    cast = cast_of(house.settings, load_definitions(house.settings.flows), house.folder, None)
    found = (await compare(cast, stored.contact, bare, EVER)).found
    assert {each.change.cause for each in found} == {Cause.WORDING}
    assert {each.change.what for each in found} >= {"one", "two", "late", "done"}
