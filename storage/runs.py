"""Replays of drafts in memory and in MongoDB: :class:`bot.drafting.runs.RunStore`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from bot.drafting.runs import Run
from storage.driver import Database
from storage.moments import milliseconds

_RUNS: Final = TypeAdapter(Run)


class MemoryRuns:
    """In this process's memory."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}

    async def load(self, draft: str) -> Run | None:
        """See the Protocol."""
        return self._runs.get(draft)

    async def put(self, run: Run) -> None:
        """See the Protocol."""
        self._runs[run.draft] = replace(run, at=milliseconds(run.at))

    async def purge(self, before: datetime) -> None:
        """See the Protocol."""
        self._runs = {id_: run for id_, run in self._runs.items() if run.at >= before}


class MongoRuns:
    """In the collection ``replays``, a document a draft; as few as there are drafts."""

    def __init__(self, database: Database) -> None:
        self._runs = database.collection("replays")

    async def load(self, draft: str) -> Run | None:
        """See the Protocol."""
        found = await self._runs.find_one({"_id": draft})
        if found is None:
            return None
        return _RUNS.validate_python({**found, "draft": found.pop("_id")})

    async def put(self, run: Run) -> None:
        """See the Protocol."""
        document = _RUNS.dump_python(run)
        this = {"_id": document.pop("draft")}
        await self._runs.update_one(
            this, {"$set": {**document, "at": milliseconds(run.at)}}, upsert=True
        )

    async def purge(self, before: datetime) -> None:
        """See the Protocol."""
        await self._runs.delete_many({"at": {"$lt": before}})
