"""What became of everybody, counted from seat trails and journal alone, without the reports' code:
each trail is played forwards, step by step, with what was taken back taken back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.booking.seats import Seat

CALLED: Final = "called"


@dataclass
class Case:
    """One booking or walk-in number.

    Args:
        done: steps that stand, ``(step, at, by, reason)``.
        end: ``cancelled``, ``rescheduled`` or ``released``, where the seat was freed.
        undone: by whom steps were taken back.
    """

    seat: Seat
    walk_in: bool
    done: list[tuple[str, datetime, str, str]] = field(default_factory=list)
    end: str = ""
    undone: list[str] = field(default_factory=list)

    def first(self, step: str) -> tuple[str, datetime, str, str] | None:
        """The first of these that stands."""
        return next((each for each in self.done if each[0] == step), None)

    @property
    def outcome(self) -> str:
        """What became of it."""
        if self.end:
            return self.end
        came = self.walk_in or self.first("checked_in") is not None
        last = self.done[-1]
        if last[0] == "voided":
            if came:
                return "left"
            return last[3] if last[3] in {"late", "no_show"} else "voided"
        if last[0] in {"served", "rejected"}:
            return last[0]
        return "waiting" if came else "to_come"


def cases_of(seats: Iterable[Seat]) -> list[Case]:
    """Every booking and walk-in number the trails tell of."""
    cases = []
    for seat in seats:
        case: Case | None = None
        for event in seat.trail:
            step, told = event.step.value, (event.step.value, event.at, event.by, event.reason)
            if step in {"approved", "walked_in"}:
                case = Case(seat, step == "walked_in", [told])
                cases.append(case)
            elif case is None or step in {"attended", "confirmed"}:
                continue
            elif step in {"cancelled", "rescheduled", "released"}:
                case.end, case = step, None
            elif step == "undone":
                case.undone.append(event.by)
                gone = case.done.pop()[0]
                while gone == CALLED and case.done[-1][0] == CALLED:
                    case.done.pop()
            elif step in {"checked_in", CALLED, "served", "rejected", "voided"}:
                case.done.append(told)
    return cases


def counted(
    cases: Iterable[Case], zone: ZoneInfo, group: Callable[[Case, datetime | None], str]
) -> tuple[dict[str, Counter[str]], dict[str, dict[str, list[int]]]]:
    """Counts and seconds by group.

    Args:
        group: of a case; of where it arrived, when a moment on the office's clock is given.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    spans: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for case in cases:
        key = group(case, None)
        counts[key]["walk_ins" if case.walk_in else "bookings"] += 1
        counts[key][case.outcome] += 1
        came = case.done[0] if case.walk_in else case.first("checked_in")
        if came and not case.end:
            counts[group(case, came[1].astimezone(zone))]["arrived"] += 1
            counts[key]["came"] += not case.walk_in
        for what, length in times_of(case).items():
            spans[key][what].append(length)
    return counts, spans


def times_of(case: Case) -> dict[str, int]:
    """Seconds waited and served, as far as they are known."""
    came = case.done[0] if case.walk_in else case.first("checked_in")
    call, last = case.first(CALLED), case.done[-1]
    over = last if last[0] in {"served", "rejected"} and not case.end else None
    times = {}
    if came and (call or over):
        times["wait"] = seconds(came[1], (call or over)[1])  # type: ignore[index]
    if call and over:
        times["service"] = seconds(call[1], over[1])
    return times


def seconds(since: datetime, until: datetime) -> int:
    """Whole ones."""
    return int((until - since).total_seconds())


def nearest_rank(spans: Sequence[int], share: float) -> float | None:
    """Minutes that so many do not exceed, to a tenth."""
    if not spans:
        return None
    return round(sorted(spans)[ceil(len(spans) * share - 1e-9) - 1] / 60, 1)


@dataclass
class Talk:
    """What one number wrote on one day of the office."""

    day: date
    turns: list[dict[str, Any]] = field(default_factory=list)

    @property
    def hour(self) -> int:
        """Of its first message."""
        return int(self.turns[0]["local"].hour)

    @property
    def booked(self) -> bool:
        """Whether a booking came of it."""
        return any(each["outcome"] == "approved" for turn in self.turns for each in turn["actions"])

    @property
    def states(self) -> set[str]:
        """Those it was in."""
        return {state for turn in self.turns for state in (*turn["before"], *turn["after"])}

    @property
    def last(self) -> str:
        """Where it stood last."""
        return str(self.turns[-1]["after"][0])


def talks_of(records: Iterable[dict[str, Any]], zone: ZoneInfo) -> list[Talk]:
    """The dialogues in journal records."""
    talks: dict[tuple[str, date], Talk] = {}
    for record in sorted(records, key=lambda each: each["turn"]):
        local = record["at"].astimezone(zone)
        talk = talks.setdefault((record["conversation"], local.date()), Talk(local.date()))
        talk.turns.append({**record, "local": local})
    return list(talks.values())
