"""``antre replay --from-storage``: conversations that took place, on flows that somebody edited."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from bot.app import stored_stores
from bot.booking.days import laid_over
from bot.booking.office import Office, Offices, load_offices
from bot.classifiers import chosen_classifier
from bot.console import Console
from bot.definitions import Definitions, load_definitions
from bot.document import meant
from bot.errors import ConfigError
from bot.junit import write_junit
from bot.logs import configure_logs
from bot.metrics import Metrics
from bot.rehearsing.covering import write_json
from bot.rehearsing.running import Verdict, progress_on
from bot.rehearsing.studio import keep_what_is_loaded, rehearse_with, tell
from bot.replay.points import Atlas
from bot.replay.recorder import public_text
from bot.replay.traffic.comparing import Period, compare
from bot.replay.traffic.reenacting import Cast
from bot.replay.traffic.showing import Example
from bot.replay.traffic.tally import Tally, show_tally
from bot.replay.traffic.watching import Ears
from bot.settings import Settings
from bot.stores import Stores
from nlu.classifier import Classifier

GONE = "not kept any more"
"""Why a conversation is not there that turns are counted of."""


@dataclass(frozen=True, slots=True)
class Looking:
    """Which conversations are gone through.

    Args:
        since: the first day that counts, by the office's clock; or how many days back.
        until: the last day; today without.
        office: id of the only one; all without.
        limit: at most so many of each office, those heard last.
    """

    since: date | int = 7
    until: date | None = None
    office: str = ""
    limit: int | None = None

    def period(self, office: Office, now: datetime) -> Period:
        """The time that counts at an office."""
        last = self.until or office.today(now)
        first = self.since
        if not isinstance(first, date):
            first = last - timedelta(days=first)
        begin, end = (
            datetime.combine(day, time(), office.zone) for day in (first, last + timedelta(days=1))
        )
        return Period(begin, end)


async def traffic_here(
    settings: Settings,
    looking: Looking,
    console: Console,
    now: datetime,
    *,
    folder: Path | None = None,
    json: Path | None = None,
    junit: Path | None = None,
) -> Verdict:
    """Go through stored conversations on the flows of a folder, and print what would change.

    Args:
        folder: of the edited flows, replies and offices; that of the settings without.

    Raises:
        FlowError: the definitions have mistakes.
        ConfigError: there is no such office, or a file of results cannot be written.
        StorageUnavailable: the database does not answer.
    """
    tally = await replay_stored(settings, looking, console, now, folder=folder)
    show_tally(tally, console)
    verdict = Verdict.DIFFERENT if tally.changed else Verdict.SAME
    if json:
        write_json(json, {"verdict": verdict.name.lower(), **tally.as_document()}, "--json")
    if junit:
        write_junit(junit, "antre replay --from-storage", list(tally.cases()))
    return verdict


async def replay_stored(
    settings: Settings,
    looking: Looking,
    console: Console,
    now: datetime,
    *,
    folder: Path | None = None,
) -> Tally:
    """What stored conversations come to on the flows of a folder; see :func:`traffic_here`."""
    configure_logs("critical", "console")  # what fails is counted
    edited = settings.flows.model_copy(update={"folder": folder} if folder else {})
    definitions = load_definitions(edited)
    there = load_offices(settings.flows.folder / "offices.yml")
    offices = _chosen(looking.office, Offices((*there, *definitions.offices)))
    public = public_text(edited.folder)
    tally = Tally()
    async with (
        stored_stores(settings) as stores,
        chosen_classifier(settings, Metrics(), tell) as classifier,
    ):
        days = await stores.calendar.all()
        definitions = Definitions(
            definitions.flows, laid_over(definitions.offices, days), definitions.code
        )
        cast = cast_of(settings, definitions, edited.folder, classifier)
        keep_what_is_loaded()
        with progress_on(console) as progress:
            for office in offices:
                period = looking.period(office, now)
                found = await _heard(stores, office.id, period, max(now, period.until))
                chosen = found[: looking.limit]
                task = progress.add_task(office.id, total=len(chosen), visible=bool(chosen))
                async for _ in each_compared(stores, chosen, cast, period, public, tally):
                    progress.advance(task)
                progress.remove_task(task)
    return tally


def cast_of(
    settings: Settings, definitions: Definitions, folder: Path, classifier: Classifier | None
) -> Cast:
    """What conversations are gone through with.

    Args:
        folder: where the definitions are written.
    """
    at_once = settings.turn.model_copy(update={"storage_retry_seconds": 0})
    ears = Ears()
    rehearse = rehearse_with(
        settings.model_copy(update={"turn": at_once}), classifier, hearing=ears.over
    )
    return Cast(definitions, Atlas(definitions.flows, folder), rehearse, ears)


async def each_compared(
    stores: Stores,
    conversations: Sequence[str],
    cast: Cast,
    period: Period,
    public: str,
    tally: Tally,
) -> AsyncIterator[str]:
    """Compare conversations one after the other, and add each to ``tally``; gives their ids."""
    for name in conversations:
        stored = await stores.conversations.load(name)
        if stored is None:
            tally.unfit[GONE] += 1
            yield name
            continue
        records = await stores.conversations.transcript(name)
        compared = await compare(cast, stored.contact, records, period)
        tally.add(compared, Example(stored.contact, records, cast.definitions.offices, public))
        yield name


async def _heard(stores: Stores, office: str, period: Period, now: datetime) -> Sequence[str]:
    """Ids of the conversations that wrote to an office, who wrote last first."""
    latest: dict[str, datetime] = {}
    heard = stores.conversations.heard(office, period.since, period.until, now)
    async for turn in heard:
        latest[turn.conversation] = max(turn.at, latest.get(turn.conversation, turn.at))
    return sorted(latest, key=lambda each: (latest[each], each), reverse=True)


def _chosen(office: str, offices: Offices) -> Sequence[Office]:
    if not office:
        return tuple(offices)
    found = offices.get(office)
    if found is None:
        known = [each.id for each in offices]
        raise ConfigError(f"--office: no office {office!r}{meant(office, known)}")
    return (found,)
