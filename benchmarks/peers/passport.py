"""What every peer knows of the passport queue, so that they differ by their framework alone.

Checks and sentences of the four messages, with nothing but the standard library; Rasa's Python
3.10 reads it too.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from random import SystemRandom

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
    "Oktober", "November", "Desember",
)  # fmt: skip
SEATS_A_DAY = 10_000
HORIZON_DAYS = 30
HOLD = timedelta(minutes=30)
NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'\u2019-]){1,59}")
FORM = re.compile(r"#([^#]+)#([^#]+)#([^#]+)#?")
CODE = re.compile(r"\d{8}")
CHANCE = SystemRandom()

HELLO = ("Selamat pagi! Anda terhubung dengan *Layanan Antrean Paspor*.", (
    "Cara mendaftar:\n1. ketik *#tgllayanan*\n2. *#nama#tanggal lahir#tanggal yang dipilih*\n"
    "3. balas dengan kode persetujuan\n4. Anda menerima kode booking dan nomor antrean"
))  # fmt: skip
HELLO_BUTTONS = ("Lihat tanggal", "Syarat dokumen", "Bantuan")
APPROVAL_BUTTONS = ("Setuju", "Ada yang salah", "Batal")


class Refused(Exception):
    """What was written cannot be taken; the text says why."""


class Seats:
    """Seats in memory: at most one active a sender, and one a person and day."""

    def __init__(self) -> None:
        self._taken: dict[date, int] = {}
        self._senders: dict[str, datetime] = {}
        self._people: set[tuple[str, date, date]] = set()

    def free_days(self, today: date) -> list[date]:
        """The next five days with a free seat."""
        days: list[date] = []
        for ahead in range(1, HORIZON_DAYS + 1):
            day = today + timedelta(days=ahead)
            if day.weekday() < 5 and self._taken.get(day, 0) < SEATS_A_DAY:
                days.append(day)
            if len(days) == 5:
                break
        return days

    def hold(self, sender: str, name: str, born: date, day: date, now: datetime) -> int:
        """The number of a seat held.

        Raises:
            Refused: there is none for them.
        """
        held = self._senders.get(sender)
        if (held and held > now) or (name, born, day) in self._people:
            raise Refused("Sudah ada pendaftaran atas nomor atau nama ini.")
        if self._taken.get(day, 0) >= SEATS_A_DAY:
            raise Refused("Tempatnya sudah habis.")
        self._taken[day] = number = self._taken.get(day, 0) + 1
        self._senders[sender] = now + HOLD
        self._people.add((name, born, day))
        return number


def now() -> datetime:
    """Aware UTC."""
    return datetime.now(timezone.utc)  # noqa: UP017 - Python 3.10 has no datetime.UTC


def offer(seats: Seats) -> tuple[list[str], str]:
    """Five days, ISO, and what is said of them."""
    days = seats.free_days(now().date())
    lines = "\n".join(f"{number}. {in_words(day)}" for number, day in enumerate(days, start=1))
    return [day.isoformat() for day in days], (
        f"Tanggal layanan yang masih tersedia di Jakarta Pusat:\n{lines}\n\n"
        "Balas dengan nomornya, misalnya *1*, atau langsung kirim\n"
        "*#nama#tanggal lahir#tanggal yang dipilih*\n"
        f"Contoh: #BUDI#25011987#{days[0]:%d%m%Y}"
    )


def hold(seats: Seats, sender: str, text: str, offered: list[str]) -> dict[str, str]:
    """Check the form and hold a seat; what must be remembered.

    Args:
        offered: days, ISO.

    Raises:
        Refused: something is wrong with it.
    """
    form, moment = FORM.fullmatch(text), now()
    name = " ".join(form[1].split()).upper() if form else ""
    born, day = (_day_of(form[2]), _day_of(form[3])) if form else (None, None)
    if not NAME.fullmatch(name) or born is None or not date(1896, 1, 1) < born < moment.date():
        raise Refused("Nama atau tanggal lahirnya salah. Contoh: #BUDI#25011987#24112026")
    if day is None or day.isoformat() not in offered:
        raise Refused("Tanggal itu tidak ditawarkan; ketik *#tgllayanan*.")
    number = seats.hold(sender, name, born, day, moment)
    return {
        "name": name,
        "born": born.isoformat(),
        "day": day.isoformat(),
        "number": str(number),
        "code": f"{CHANCE.randrange(10**8):08d}",
        "until": (moment + HOLD).isoformat(),
    }


def confirmation(held: dict[str, str]) -> tuple[str, str]:
    """What is said of a held seat."""
    day, born = date.fromisoformat(held["day"]), date.fromisoformat(held["born"])
    confirmation = (
        "*Konfirmasi penjadwalan layanan paspor*\n"
        f"Nama: {held['name']}\nTanggal lahir: {born:%d-%m-%Y}\nTanggal layanan: {in_words(day)}\n"
        f"Tempat: Kantor Imigrasi Jakarta Pusat\n\nKode persetujuan: *{held['code']}*"
    )
    approval = (
        f"Bila semua benar, balas dengan kode persetujuan *{held['code']}* dalam 30 menit.\n"
        "Bila ada yang salah, kirim ulang datanya. Untuk membatalkan ketik *#batal*."
    )
    return confirmation, approval


def check_code(held: dict[str, str], text: str) -> None:
    """Whether it approves.

    Raises:
        Refused: it does not, or comes too late.
    """
    if text != held["code"]:
        raise Refused("Kode itu tidak sama dengan kode persetujuan kami.")
    if datetime.fromisoformat(held["until"]) < now():
        raise Refused("Waktu persetujuan sudah habis.")


def booked(held: dict[str, str]) -> tuple[str, str]:
    """What is said when it is approved, with a booking code drawn now."""
    booking = "JKP-" + "".join(CHANCE.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=10))
    day = in_words(date.fromisoformat(held["day"]))
    done = (
        f"*Pendaftaran berhasil*\nNama: {held['name']}\nKode booking: *{booking}*\n"
        f"Nomor antrean: *{held['number']}*\nTanggal layanan: {day}, pukul 08.00"
    )
    return done, "Datanglah 30 menit sebelumnya dan bawa dokumen asli."


def in_words(day: date) -> str:
    """A day as it is written."""
    return f"{DAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"


def _day_of(text: str) -> date | None:
    """The day of eight digits."""
    try:
        return datetime.strptime(text.strip(), "%d%m%Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
