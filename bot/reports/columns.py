"""The figures of each grouping: names for machines, Indonesian and English for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, get_args

from bot.reports.tally import Column, Tally, count, mean, percent, quantile

By: TypeAlias = Literal["day", "session", "hour", "staff", "reason", "state"]
"""What a report has a row for each of."""

BYS: Final[tuple[By, ...]] = get_args(By)

FREED: Final = ("cancelled", "rescheduled", "released")
"""Ends after which a seat is anybody's again."""


def taken(tally: Tally) -> int:
    """Bookings whose seat stayed theirs."""
    return tally.counts["bookings"] - sum(tally.counts[each] for each in FREED)


_SPANS: Final = (
    mean("wait_mean", ("Tunggu rata2 (mnt)", "Wait mean (min)"), "wait"),
    quantile("wait_median", ("Tunggu median", "Wait median"), "wait", 0.5),
    quantile("wait_p90", ("Tunggu 90%", "Wait 90%"), "wait", 0.9),
    mean("service_mean", ("Layanan rata2 (mnt)", "Service mean (min)"), "service"),
    quantile("service_median", ("Layanan median", "Service median"), "service", 0.5),
    quantile("service_p90", ("Layanan 90%", "Service 90%"), "service", 0.9),
)

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
)

_QUOTA: Final = (
    count("quota", "Kuota", "Quota"),
    Column("taken", ("Terisi", "Taken"), taken),
    percent("use_percent", ("Terisi %", "Use %"), taken, "quota"),
)

_TURNS: Final = (
    mean("turns_mean", ("Pesan s.d. booking", "Messages to booking"), "turns", 1),
    quantile("turns_median", ("median", "median"), "turns", 0.5, 1),
)

_DIALOGUE: Final = (
    count("messages", "Pesan", "Messages"),
    count("misunderstood", "Tak dipahami", "Misunderstood"),
    count("dialogues", "Percakapan", "Dialogues"),
    count("booked", "Jadi booking", "Booked"),
    *_TURNS,
)

_BY_TIME: Final = (*_QUOTA, *_ENDS, *_SPANS, *_DIALOGUE)

COLUMNS: Final[Mapping[By, tuple[Column, ...]]] = {
    "day": _BY_TIME,
    "hour": _BY_TIME,
    "session": (*_QUOTA, *_ENDS, *_SPANS),
    "staff": (
        count("checked_in", "Check-in", "Checked in"),
        count("called", "Dipanggil", "Called"),
        count("served", "Dilayani", "Served"),
        count("rejected", "Ditolak", "Rejected"),
        count("voids", "Dihanguskan", "Voided"),
        count("walk_ins", "Antre langsung", "Walk-ins"),
        count("undone", "Diurungkan", "Undone"),
        *_SPANS,
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
            "dialogues",
        ),
        count("messages", "Pesan", "Messages"),
        count("misunderstood", "Tak dipahami", "Misunderstood"),
        percent(
            "misunderstood_percent",
            ("Tak dipahami %", "Misunderstood %"),
            lambda tally: tally.counts["misunderstood"],
            "messages",
        ),
        *_TURNS,
    ),
}
"""The columns of each report; ``came`` counts bookings whose holder was checked in."""

KEYS: Final[Mapping[By, tuple[str, str]]] = {
    "day": ("Tanggal", "Day"),
    "session": ("Sesi", "Session"),
    "hour": ("Jam", "Hour"),
    "staff": ("Petugas", "Staff"),
    "reason": ("Alasan", "Reason"),
    "state": ("Langkah", "State"),
}
"""What the rows are called."""
