"""The door for staff: the desk put together, and the demo's logins."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from random import SystemRandom
from typing import TYPE_CHECKING, Final

from argon2 import PasswordHasher

from bot.clock import Clock
from bot.day_desk import LOOKS, DayDesk
from bot.day_worker import DayWorker
from bot.definitions import Definitions
from bot.desk.accounts import Account
from bot.desk.applicants import Applicants
from bot.desk.house import DemoLogin, Desk
from bot.desk.kept import DeskStores
from bot.desk.passwords import Passwords
from bot.desk.rehearsals import Rehearsals
from bot.desk.roles import EVERY_OFFICE, Role
from bot.desk.room import Room
from bot.desk.throttle import Throttle
from bot.desk.waiting import WaitingCount
from bot.desk.words import LANGUAGES, Words
from bot.dialogue.store import Contact
from bot.dialogue.vocabulary import Vocabulary
from bot.drafting.completing import Lexicon
from bot.drafting.open_count import OpenCount
from bot.drafting.workshop import Checks, Workshop
from bot.errors import FlowError
from bot.inspecting.inspector import Inspector
from bot.rehearsing.room.room import ProcessRoom
from bot.replay.recorder import public_text
from bot.reports.funnel import ends_of
from bot.reports.remembered import Remembered
from bot.settings import Settings
from nlu.known import vocabulary_of
from storage.desk import desk_stores_in, desk_stores_in_demo
from storage.driver import Database

if TYPE_CHECKING:
    from bot.app import Bot

DEMO_LOGINS: Final = (
    DemoLogin("loket", "Sari Contoh", "demo", Role.COUNTER),
    DemoLogin("penyelia", "Bagus Contoh", "demo", Role.SUPERVISOR),
    DemoLogin("penyunting", "Tiur Contoh", "demo", Role.EDITOR),
    DemoLogin("admin", "Made Contoh", "demo", Role.ADMIN),
)
"""One a role, at every office. They live in the demo's memory alone: ``antre serve`` on the same
data does not know them.
"""


def demo_logins() -> Sequence[Mapping[str, str]]:
    """As the start page shows them: login, password, and the role in each language."""
    return [
        {"login": each.login, "password": each.password}
        | {language: Words(language)(f"role.{each.role}") for language in LANGUAGES}
        for each in DEMO_LOGINS
    ]


async def desk_of(
    bot: Bot,
    database: Database,
    settings: Settings,
    clock: Clock,
    applicants: Applicants | None,
    record: Callable[[str], Awaitable[str]],
    *,
    demo: bool,
) -> Desk:
    """The desk over a bot.

    Args:
        applicants: their page; ``None`` when it is switched off.
        record: makes recordings of conversations, given their ids.
        demo: for this machine alone, with logins anybody may know.
    """
    kept = desk_stores_in_demo(database) if demo else await desk_stores_in(database)
    # What everybody may read needs no slow hash.
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8192) if demo else None)
    if demo:
        for account in await demo_accounts(passwords, DEMO_LOGINS):
            await kept.accounts.save(account)
    room = ProcessRoom(settings)
    desk = desk_over(bot, kept, passwords, room, settings, clock, applicants, record)
    return replace(desk, secure=False, proxies=(), demo=DEMO_LOGINS) if demo else desk


def desk_over(
    bot: Bot,
    kept: DeskStores,
    passwords: Passwords,
    room: Room,
    settings: Settings,
    clock: Clock,
    applicants: Applicants | None,
    record: Callable[[str], Awaitable[str]],
) -> Desk:
    """An office's desk over a bot, on these stores."""
    rehearsals = Rehearsals(room, kept.runs, clock)
    return Desk(
        stores=bot.stores,
        kept=kept,
        offices=lambda: bot.offices,
        queue=bot.queue,
        days=day_desks(bot, settings),
        clock=clock,
        passwords=passwords,
        throttle=Throttle(kept.attempts),
        room=room,
        attending=bot.attending,
        record=record,
        waiting=WaitingCount(bot.stores.inbox),
        rehearsals=rehearsals,
        workshop=workshop_of(bot, settings, kept, room, rehearsals, clock),
        inspector=inspector_of(bot, settings),
        reports=Remembered(bot.stores, lambda: ends_of(bot.library.current.flows)),
        proxies=settings.server.proxies,
        applicants=applicants,
    )


def inspector_of(bot: Bot, settings: Settings) -> Inspector:
    """Where conversations of a bot are looked at."""
    return Inspector(
        bot.stores.conversations,
        bot.library.files_of,
        lambda: bot.offices,
        lambda: public_text(settings.flows.folder),
    )


def workshop_of(
    bot: Bot,
    settings: Settings,
    kept: DeskStores,
    checks: Checks,
    rehearsals: Rehearsals,
    clock: Clock,
) -> Workshop:
    """Where editors work on the flows of a bot."""
    versions = bot.library.versions
    return Workshop(
        versions=versions,
        drafts=kept.drafts,
        settings=settings.flows,
        checks=checks,
        open_on=OpenCount(versions, bot.stores.conversations.standing, clock),
        serving=lambda: bot.library.current.flows.version,
        recordings=kept.recordings,
        refresh=bot.library.refresh,
        objections=rehearsals.objections,
        words=known_words(bot, settings),
    )


def known_words(bot: Bot, settings: Settings) -> Callable[[], Awaitable[Lexicon]]:
    """What may be named in flows, read anew when the project's code or its offices change."""
    read: list[tuple[Definitions, Lexicon]] = []

    async def words() -> Lexicon:
        current = bot.library.current
        if not read or read[0][0] is not current:
            read[:] = [(current, await asyncio.to_thread(lexicon_of, current, settings))]
        return read[0][1]

    return words


def lexicon_of(definitions: Definitions, settings: Settings) -> Lexicon:
    """The names of definitions, and of the examples of what people write."""
    try:
        vocabulary = vocabulary_of(settings.flows.training)
    except FlowError:  # which the check tells
        vocabulary = Vocabulary(frozenset(), frozenset())
    office = next(iter(definitions.offices))
    around = definitions.venue_of(Contact("terminal", "nobody", office.id)).variables
    within = {name: sorted(part) for name, part in around.items() if isinstance(part, dict)}
    code = definitions.code
    return Lexicon(code.actions, code.slot_types, vocabulary.intents, vocabulary.entities, within)


def day_desks(bot: Bot, settings: Settings) -> Callable[[str], DayDesk]:
    """Desks for the days of the bot's offices, by id."""
    settle = timedelta(seconds=LOOKS * settings.outbox.sweep_seconds)
    random = SystemRandom()
    return lambda id_: DayDesk(bot.library.written_offices, id_, bot.stores, random, settle)


def day_worker_of(bot: Bot, settings: Settings, clock: Clock) -> DayWorker:
    """Carries out what changes of days have still to do."""
    pause = timedelta(seconds=settings.outbox.sweep_seconds)
    desks, calendar = day_desks(bot, settings), bot.stores.calendar
    return DayWorker(calendar, lambda: bot.library.written_offices, desks, clock, pause)


async def demo_accounts(passwords: Passwords, logins: Sequence[DemoLogin]) -> Sequence[Account]:
    """Accounts of logins with one role at every office."""
    return [
        Account(
            login=each.login,
            name=each.name,
            password_hash=await passwords.hash(each.password),
            roles={EVERY_OFFICE: frozenset({each.role})},
        )
        for each in logins
    ]
