"""Publishing flows and replies: checked, kept with who and why, and from then on what counts."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from bot.definitions import load_definitions
from bot.dialogue.draft import Drafts
from bot.dialogue.pictures import Gallery
from bot.dialogue.store import Standing
from bot.dialogue.versions import Files, Publication, VersionStore, files_in, lay_out
from bot.dialogue.vocabulary import Vocabulary
from bot.document import meant
from bot.errors import AntreError
from bot.settings import Flows

log = structlog.get_logger()


class PublishedMeanwhile(AntreError):
    """Somebody published after what this was compared with; nothing was published.

    Args:
        newest: what they published.
    """

    def __init__(self, newest: Publication | None) -> None:
        self.newest = newest
        what = f"number {newest.number} was published by {newest.author}" if newest else "nothing"
        super().__init__(f"{what} meanwhile; look at what they changed, and publish again")


class AlreadyPublished(AntreError):
    """It is what counts now; nothing was published."""


async def publish(
    versions: VersionStore,
    settings: Flows,
    *,
    author: str,
    note: str,
    now: datetime,
    vocabulary: Vocabulary | None = None,
    replayed: str = "",
    forced: str = "",
) -> Publication:
    """Check the folder and publish it.

    Args:
        vocabulary: what messages are understood as; intents and entities are checked if given.
        replayed: the version that was replayed, if any had to be: nothing else is published.
        forced: what speaks against it and is passed over.

    Raises:
        FlowError: with every finding; nothing is published then.
        AntreError: it is what is published already, or not what was replayed.
    """
    definitions = load_definitions(settings, vocabulary=vocabulary)
    for warning in definitions.flows.warnings:  # they name the folder's files
        log.warning("flows_warning", finding=str(warning))
    gallery = Gallery.of_folder(settings.folder)
    files = files_in(settings.folder, settings.languages, gallery)
    version = load_definitions(settings, files).flows.version
    if replayed and replayed != version:
        raise AntreError(f"{settings.folder}: it was edited while it was replayed; publish again")
    newest = await versions.newest()
    if newest and newest.version == version:
        raise AlreadyPublished(f"{settings.folder}: this is version {version}, which is published")
    for sha256, content in gallery.contents.items():
        await versions.keep_picture(sha256, content)
    told = Publication(0, version, author, note, now, forced)
    return await _add(versions, told, files)


async def publish_texts(
    versions: VersionStore, files: Files, told: Publication, over: int
) -> Publication:
    """Publish texts that were checked, under the number after ``over``.

    Args:
        told: of ``files``; its number does not count.
        over: the publication it was compared with; 0 for none.

    Raises:
        AlreadyPublished: it is what is published already.
        PublishedMeanwhile: another one counts by now.
    """
    newest = await versions.newest()
    if newest and newest.version == told.version:
        raise AlreadyPublished(f"this is version {told.version}, which is published")
    if (newest.number if newest else 0) != over:
        raise PublishedMeanwhile(newest)
    return await _add(versions, told, files, over)


async def roll_back(
    versions: VersionStore,
    settings: Flows,
    named: str,
    *,
    author: str,
    note: str,
    now: datetime,
    over: int | None = None,
) -> Publication:
    """Publish again what was published before; see :func:`version_named`.

    Args:
        over: the publication that is taken back; whichever counts, if not given.

    Raises:
        FlowError: it does not fit the offices or the code of today.
        AlreadyPublished: it is what counts now.
        PublishedMeanwhile: something else than ``over`` counts by now.
        AntreError: nobody published it.
    """
    history = await versions.history()
    version = version_named(history, named)
    if history[0].version == version:
        raise AlreadyPublished(f"version {version} is what is published")
    if over not in (None, history[0].number):
        raise PublishedMeanwhile(history[0])
    files = await files_of(versions, version)
    await asyncio.to_thread(load_definitions, settings, files)
    return await _add(versions, Publication(0, version, author, note, now), files, over)


async def difference(
    versions: VersionStore, settings: Flows, before: str, after: str | None
) -> str:
    """Two versions compared, as ``diff -u`` does; empty when they are the same.

    Args:
        after: ``None`` for what stands in the folder.

    Raises:
        AntreError: nobody published one of them.
    """
    history = await versions.history()
    old = version_named(history, before)
    old_files = await files_of(versions, old)
    if after is None:
        new, new_files = str(settings.folder), files_in(settings.folder, settings.languages)
    else:
        new = version_named(history, after)
        new_files = await files_of(versions, new)
    return "".join(_differences(old, old_files, new, new_files))


def version_named(history: Sequence[Publication], named: str) -> str:
    """The version that ``named`` means: a publication's number, or how a version begins.

    Raises:
        AntreError: nothing published is called so, or several are.
    """
    numbers = {str(each.number): each.version for each in history}
    if named in numbers:
        return numbers[named]
    found = sorted({each.version for each in history if named and each.version.startswith(named)})
    if len(found) == 1:
        return found[0]
    if found:
        raise AntreError(f"{named!r} may be {' or '.join(found)}; write more of it")
    known = list(dict.fromkeys(each.version for each in history))
    raise AntreError(f"nobody published {named!r}{meant(named, known)}")


async def open_conversations(
    versions: VersionStore, standing: Mapping[Standing, int]
) -> Mapping[str, int]:
    """How many conversations are in the middle of an episode, by version.

    Of a version that cannot be read any more, all count: nobody knows where its flows end.
    """
    counted: Counter[str] = Counter()
    for version in {where.version for where in standing}:
        files = await versions.files(version)
        ends = await asyncio.to_thread(ends_in, files) if files else {}
        for where, conversations in standing.items():
            if where.version == version and _is_open(where, ends):
                counted[version] += conversations
    return counted


def ends_in(files: Files) -> Mapping[tuple[str, str], bool]:
    """Every state of a version's flows, by flow and name, and whether the flow ends in it."""
    drafts = Drafts()
    with TemporaryDirectory(prefix="published-") as folder:
        lay_out(files, Path(folder))
        drafts.read_flows(sorted(Path(folder).glob("*.yml")))
    return {
        (name, state): draft.part.states[state].end
        for name, draft in drafts.flows.items()
        for state in draft.part.states
    }


def _is_open(where: Standing, ends: Mapping[tuple[str, str], bool]) -> bool:
    return bool(where.places) and (len(where.places) != 1 or not ends.get(where.places[0], False))


async def _add(
    versions: VersionStore, told: Publication, files: Files, over: int | None = None
) -> Publication:
    """Publish under the next number; somebody quicker only makes it the one after, unless it is to
    follow on ``over``.
    """
    while True:
        newest = await versions.newest()
        number = newest.number if newest else 0
        if over not in (None, number):
            raise PublishedMeanwhile(newest)
        publication = replace(told, number=number + 1)
        if await versions.add(publication, files):
            return publication


async def files_of(versions: VersionStore, version: str) -> Files:
    """The files of a version that was published.

    Raises:
        AntreError: they are gone.
    """
    files = await versions.files(version)
    if files is None:
        raise AntreError(f"the files of version {version} are gone from the database")
    return files


def _differences(old: str, old_files: Files, new: str, new_files: Files) -> Iterator[str]:
    for name in sorted(old_files.keys() | new_files.keys()):
        yield from unified_diff(
            old_files.get(name, "").splitlines(keepends=True),
            new_files.get(name, "").splitlines(keepends=True),
            f"{old}/{name}",
            f"{new}/{name}",
        )
