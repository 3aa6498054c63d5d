"""The figures of each grouping: names for machines, Indonesian and English for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, get_args

from bot.reports.tally import Column, Tally, count, mean, percent, quantile

Counted: TypeAlias = Literal["day", "session", "hour", "staff", "reason", "state"]
"""What each day is counted by, and kept by."""

By: TypeAlias = Counted | Literal["week", "month", "weekday", "weekday_hour"]
"""What a report has a row for each of: what days are counted by, or put together from that."""

COUNTED: Final[tuple[Counted, ...]] = get_args(Counted)
BYS: Final[tuple[By, ...]] = (*COUNTED, "week", "month", "weekday", "weekday_hour")

FROM: Final[Mapping[By, Counted]] = {
    **{by: by for by in COUNTED},
    "week": "day",
    "month": "day",
    "weekday": "day",
    "weekday_hour": "hour",
}
"""What each grouping is put together from."""

FREED: Final = ("cancelled", "rescheduled", "released")
"""Ends after which a seat is anybody's again."""


def taken(tally: Tally) -> int:
    """Bookings whose seat stayed theirs."""
    return tally.counts["bookings"] - sum(tally.counts[each] for each in FREED)


def missed(tally: Tally) -> int:
    """Bookings that kept their seat and of which nobody came in time."""
    return sum(tally.counts[each] for each in ("no_show", "late", "voided"))


def _spans() -> tuple[Column, ...]:
    """Mean, median and nine tenths of both times, in minutes."""
    made: list[Column] = []
    for what, names in (("wait", ("Tunggu", "Wait")), ("service", ("Layanan", "Service"))):
        labels = [
            (f"{names[0]} {indonesian}", f"{names[1]} {english}")
            for indonesian, english in (
                ("rata2 (mnt)", "mean (min)"),
                ("median", "median"),
                ("90%", "90%"),
            )
        ]
        made += [
            mean(f"{what}_mean", labels[0], what),
            quantile(f"{what}_median", labels[1], what, 0.5),
            quantile(f"{what}_p90", labels[2], what, 0.9),
        ]
    return tuple(made)


_ENDS: Final = (
    count("bookings", "Booking", "Bookings"),
    count("to_come", "Belum datang", "To come"),
    count("cancelled", "Dibatalkan", "Cancelled"),
    count("rescheduled", "Dipindah", "Rescheduled"),
    count("released", "Dilepas kantor", "Released"),
    count("no_show", "Tak hadir", "No-show"),
    count("late", "Terlambat", "Late"),
    count("voided", "Hangus lain", "Other void"),
    count("came", "Hadir", "Came"),
    count("walk_ins", "Antre langsung", "Walk-ins"),
    count("served", "Dilayani", "Served"),
    count("rejected", "Ditolak", "Rejected"),
    count("left", "Pergi", "Left"),
    count("waiting", "Menunggu", "Waiting"),
    Column(
        "open",
        ("Belum selesai", "Open"),
        lambda tally: tally.counts["waiting"] + tally.counts["to_come"],
    ),
    Column(
        "turned_away",
        ("Ditolak/pergi", "Turned away or left"),
        lambda tally: tally.counts["rejected"] + tally.counts["left"],
    ),
    Column("missed", ("Tak datang", "Missed"), missed),
    percent(
        "missed_percent",
        ("Tak datang %", "Missed %"),
        missed,
        lambda tally: tally.counts["came"] + missed(tally),
    ),
)

_QUOTA: Final = (
    count("quota", "Kuota", "Quota"),
    Column("taken", ("Terisi", "Taken"), taken),
    percent("use_percent", ("Terisi %", "Use %"), taken, lambda tally: tally.counts["quota"]),
)

_TURNS: Final = (
    mean("turns_mean", ("Pesan s.d. booking", "Messages to booking"), "turns", unit=1),
    quantile("turns_median", ("median", "median"), "turns", 0.5, unit=1),
)

_DIALOGUE: Final = (
    count("messages", "Pesan", "Messages"),
    count("misunderstood", "Tak dipahami", "Misunderstood"),
    count("dialogues", "Percakapan", "Dialogues"),
    count("booked", "Jadi booking", "Booked"),
    *_TURNS,
)

_ARRIVED: Final = count("arrived", "Datang", "Arrived")

_BY_TIME: Final = (*_QUOTA, *_ENDS, _ARRIVED, *_spans(), *_DIALOGUE)

COLUMNS: Final[Mapping[By, tuple[Column, ...]]] = {
    "day": _BY_TIME,
    "hour": _BY_TIME,
    "week": _BY_TIME,
    "month": _BY_TIME,
    "weekday": _BY_TIME,
    "weekday_hour": _BY_TIME,
    "session": (*_QUOTA, *_ENDS, *_spans()),
    "staff": (
        count("checked_in", "Check-in", "Checked in"),
        count("called", "Dipanggil", "Called"),
        count("served", "Dilayani", "Served"),
        count("rejected", "Ditolak", "Rejected"),
        count("voids", "Dihanguskan", "Voided"),
        count("walk_ins", "Antre langsung", "Walk-ins"),
        count("undone", "Diurungkan", "Undone"),
        *_spans(),
    ),
    "reason": (
        count("rejected", "Ditolak", "Rejected"),
        count("voids", "Hangus", "Voided"),
    ),
    "state": (
        count("dialogues", "Percakapan", "Dialogues"),
        count("booked", "Jadi booking", "Booked"),
        count("given_up", "Berhenti di sini", "Given up here"),
        percent(
            "given_up_percent",
            ("Berhenti %", "Given up %"),
            lambda tally: tally.counts["given_up"],
            lambda tally: tally.counts["dialogues"],
        ),
        count("messages", "Pesan", "Messages"),
        count("misunderstood", "Tak dipahami", "Misunderstood"),
        percent(
            "misunderstood_percent",
            ("Tak dipahami %", "Misunderstood %"),
            lambda tally: tally.counts["misunderstood"],
            lambda tally: tally.counts["messages"],
        ),
        *_TURNS,
    ),
}
"""The columns of each report; ``came`` counts bookings whose holder was checked in, ``arrived``
those and walk-ins, by the hour they came and not the one they were given.
"""

KEYS: Final[Mapping[By, tuple[str, str]]] = {
    "day": ("Tanggal", "Day"),
    "week": ("Minggu", "Week"),
    "month": ("Bulan", "Month"),
    "weekday": ("Hari, 1 = Senin", "Weekday, 1 = Monday"),
    "weekday_hour": ("Hari dan jam", "Weekday and hour"),
    "session": ("Sesi", "Session"),
    "hour": ("Jam", "Hour"),
    "staff": ("Petugas", "Staff"),
    "reason": ("Alasan", "Reason"),
    "state": ("Langkah", "State"),
}
"""What the rows are called."""
