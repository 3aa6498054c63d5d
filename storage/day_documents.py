"""Documents of changed days, the same in every store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.booking.days import DayChange, DayWork, OfficeDays
from storage.moments import milliseconds


def office_days_document(changed: OfficeDays) -> dict[str, Any]:
    """An office's changed days, without trail and work; sessions as pairs, their names are data."""
    return {
        "_id": changed.office,
        "revision": changed.revision,
        "days": [
            {
                "day": day.isoformat(),
                "closed": change.closed,
                "opened": change.opened,
                "seats": [[session, seats] for session, seats in change.seats.items()],
            }
            for day, change in sorted(changed.days.items())
        ],
    }


def office_days_from(document: Mapping[str, Any]) -> OfficeDays:
    """The inverse of :func:`office_days_document`."""
    return OfficeDays(
        document["_id"],
        document["revision"],
        {
            date.fromisoformat(day["day"]): DayChange(
                day["closed"], day["opened"], dict(day["seats"])
            )
            for day in document["days"]
        },
        tuple(_work_from(work) for work in document.get("work", ())),
    )


def work_document(work: DayWork) -> dict[str, Any]:
    """One thing to do."""
    return {
        "id": work.id,
        "day": work.day.isoformat(),
        "by": work.by,
        "due_at": milliseconds(work.due_at),
        "move": work.move,
        "reason": work.reason,
    }


def _work_from(document: Mapping[str, Any]) -> DayWork:
    return DayWork(**{**document, "day": date.fromisoformat(document["day"])})
