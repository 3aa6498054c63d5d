"""Publishing flows and replies: checked, kept with who and why, and from then on what counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from difflib import unified_diff

import structlog

from bot.definitions import load_code, load_definitions, load_published
from bot.dialogue.flowset import FlowSet
from bot.dialogue.pictures import Gallery
from bot.dialogue.store import Standing
from bot.dialogue.versions import Files, Publication, VersionStore, files_in
from bot.dialogue.vocabulary import Vocabulary
from bot.document import meant
from bot.errors import AntreError, FlowError
from bot.settings import Flows

log = structlog.get_logger()


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
        raise AntreError(f"{settings.folder}: this is version {version}, which is published")
    for sha256, content in gallery.contents.items():
        await versions.keep_picture(sha256, content)
    told = Publication(0, version, author, note, now, forced)
    return await _add(versions, told, files)


async def roll_back(
    versions: VersionStore, settings: Flows, named: str, *, author: str, note: str, now: datetime
) -> Publication:
    """Publish again what was published before; see :func:`version_named`.

    Raises:
        FlowError: it does not fit the offices or the code of today.
        AntreError: nobody published it, or it is what counts now.
    """
    history = await versions.history()
    version = version_named(history, named)
    if history[0].version == version:
        raise AntreError(f"version {version} is what is published")
    files = await _files(versions, version)
    load_definitions(settings, files)
    return await _add(versions, Publication(0, version, author, note, now), files)


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
    old_files = await _files(versions, old)
    if after is None:
        new, new_files = str(settings.folder), files_in(settings.folder, settings.languages)
    else:
        new = version_named(history, after)
        new_files = await _files(versions, new)
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
    versions: VersionStore, settings: Flows, standing: Mapping[Standing, int]
) -> Mapping[str, int]:
    """How many conversations are in the middle of an episode, by version.

    Of a version that cannot be read any more, all count: nobody knows where its flows end.
    """
    code = load_code(settings)
    counted: Counter[str] = Counter()
    for version in {where.version for where in standing}:
        files = await versions.files(version)
        try:
            flows = load_published(files, settings.languages, code) if files else None
        except FlowError:
            flows = None
        for where, conversations in standing.items():
            if where.version == version and _is_open(where, flows):
                counted[version] += conversations
    return counted


def _is_open(where: Standing, flows: FlowSet | None) -> bool:
    if len(where.places) != 1 or flows is None:
        return bool(where.places)
    flow, state = where.places[0]
    return flow not in flows.flows or not flows.flows[flow].states[state].end


async def _add(versions: VersionStore, told: Publication, files: Files) -> Publication:
    """Publish under the next number; somebody quicker only makes it the one after."""
    while True:
        newest = await versions.newest()
        number = newest.number + 1 if newest else 1
        publication = replace(told, number=number)
        if await versions.add(publication, files):
            return publication


async def _files(versions: VersionStore, version: str) -> Files:
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
