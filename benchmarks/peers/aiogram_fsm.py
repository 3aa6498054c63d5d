"""The four questions of the passport queue on aiogram 3's finite-state machine.

As its documentation would have it: a router, a ``StatesGroup``, ``MemoryStorage`` and
``SimpleEventIsolation``. Updates are fed in process and requests answered on the spot, so nothing
but the framework and this bot is measured. It checks what Antre checks of these four messages,
keeps seats with the same limits, and says the same; it understands the exact forms alone.

Run by ``compare.py`` in an environment of its own; prints one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, timedelta
from random import SystemRandom
from typing import Any

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.base import BaseSession
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage, SimpleEventIsolation
from aiogram.methods import SendMessage, TelegramMethod
from aiogram.types import Chat, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update, User

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
CHANCE = SystemRandom()


class Booking(StatesGroup):
    """Where a conversation stands."""

    choosing = State()
    confirming = State()
    booked = State()


class Seats:
    """Seats in memory: at most one active a sender, and one a person and day."""

    def __init__(self) -> None:
        self._taken: dict[date, int] = {}
        self._senders: dict[int, tuple[date, datetime]] = {}
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

    def hold(self, sender: int, name: str, born: date, day: date, now: datetime) -> int | None:
        """The number of a seat held; ``None`` when there is none for them."""
        held = self._senders.get(sender)
        if held and held[1] > now:
            return None
        if (name, born, day) in self._people or self._taken.get(day, 0) >= SEATS_A_DAY:
            return None
        self._taken[day] = number = self._taken.get(day, 0) + 1
        self._senders[sender] = (day, now + HOLD)
        self._people.add((name, born, day))
        return number


def in_words(day: date) -> str:
    """A day as it is written."""
    return f"{DAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"


def day_of(text: str) -> date | None:
    """The day of eight digits."""
    try:
        return datetime.strptime(text.strip(), "%d%m%Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def buttons(*titles: str) -> InlineKeyboardMarkup:
    """Something to tap."""
    rows = [[InlineKeyboardButton(text=title, callback_data=title)] for title in titles]
    return InlineKeyboardMarkup(inline_keyboard=rows)


router = Router()


@router.message(F.text == "#tgllayanan")
async def dates(message: Message, state: FSMContext, seats: Seats) -> None:
    """Offer five dates."""
    days = seats.free_days(datetime.now(UTC).date())
    await state.set_state(Booking.choosing)
    await state.update_data(dates=[day.isoformat() for day in days])
    lines = "\n".join(f"{number}. {in_words(day)}" for number, day in enumerate(days, start=1))
    await message.answer(
        f"Tanggal layanan yang masih tersedia di Jakarta Pusat:\n{lines}\n\n"
        "Balas dengan nomornya, misalnya *1*, atau langsung kirim\n"
        "*#nama#tanggal lahir#tanggal yang dipilih*\n"
        f"Contoh: #BUDI#25011987#{days[0]:%d%m%Y}",
        reply_markup=buttons(*(in_words(day) for day in days)),
    )


@router.message(StateFilter(Booking.choosing), F.text.regexp(FORM))
async def identity(message: Message, state: FSMContext, seats: Seats) -> None:
    """Check the form, hold a seat, send the approval code."""
    form, now = FORM.fullmatch(message.text or ""), datetime.now(UTC)
    name = " ".join(form[1].split()).upper() if form else ""
    born, day = (day_of(form[2]), day_of(form[3])) if form else (None, None)
    last = now.date() + timedelta(days=HORIZON_DAYS)
    if not NAME.fullmatch(name) or born is None or not date(1896, 1, 1) < born < now.date():
        await message.answer("Nama atau tanggal lahirnya salah. Contoh: #BUDI#25011987#24112026")
        return
    if day is None or not now.date() < day <= last or day.weekday() > 4:
        await message.answer("Tanggal layanannya salah; ketik *#tgllayanan*.")
        return
    number = seats.hold(message.from_user.id if message.from_user else 0, name, born, day, now)
    if number is None:
        await message.answer("Sudah ada pendaftaran, atau tempatnya habis.")
        return
    code = f"{CHANCE.randrange(10**8):08d}"
    await state.update_data(
        name=name, born=born.isoformat(), day=day.isoformat(), number=number, code=code,
        until=(now + HOLD).isoformat(),
    )  # fmt: skip
    await state.set_state(Booking.confirming)
    await message.answer(
        "*Konfirmasi penjadwalan layanan paspor*\n"
        f"Nama: {name}\nTanggal lahir: {born:%d-%m-%Y}\nTanggal layanan: {in_words(day)}\n"
        f"Tempat: Kantor Imigrasi Jakarta Pusat\n\nKode persetujuan: *{code}*"
    )
    await message.answer(
        f"Bila semua benar, balas dengan kode persetujuan *{code}* dalam 30 menit.\n"
        "Bila ada yang salah, kirim ulang datanya. Untuk membatalkan ketik *#batal*.",
        reply_markup=buttons("Setuju", "Ada yang salah", "Batal"),
    )


@router.message(StateFilter(Booking.confirming), F.text.regexp(r"^\d{8}$"))
async def code(message: Message, state: FSMContext) -> None:
    """Check the code, give the queue number."""
    data: dict[str, Any] = await state.get_data()
    if message.text != data["code"]:
        await message.answer("Kode itu tidak sama dengan kode persetujuan kami.")
        return
    if datetime.fromisoformat(data["until"]) < datetime.now(UTC):
        await message.answer("Waktu persetujuan sudah habis.")
        return
    day, number = date.fromisoformat(data["day"]), data["number"]
    booking = "JKP-" + "".join(CHANCE.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=10))
    await state.set_state(Booking.booked)
    await state.update_data(booking=booking)
    await message.answer(
        f"*Pendaftaran berhasil*\nNama: {data['name']}\nKode booking: *{booking}*\n"
        f"Nomor antrean: *{number}*\nTanggal layanan: {in_words(day)}, pukul 08.00"
    )
    await message.answer("Datanglah 30 menit sebelumnya dan bawa dokumen asli.")


@router.message()
async def hello(message: Message, state: FSMContext) -> None:
    """Greet, and say how to register."""
    await state.clear()
    await message.answer("Selamat pagi! Anda terhubung dengan *Layanan Antrean Paspor*.")
    await message.answer(
        "Cara mendaftar:\n1. ketik *#tgllayanan*\n2. *#nama#tanggal lahir#tanggal yang dipilih*\n"
        "3. balas dengan kode persetujuan\n4. Anda menerima kode booking dan nomor antrean",
        reply_markup=buttons("Lihat tanggal", "Syarat dokumen", "Bantuan"),
    )


class Answered(BaseSession):
    """Telegram that takes every message at once; keeps each chat's last words."""

    def __init__(self) -> None:
        super().__init__()
        self.last: dict[int | str, str] = {}

    async def make_request(
        self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None  # noqa: ARG002, ASYNC109 - the base's
    ) -> Any:  # fmt: skip
        """Take a message."""
        if isinstance(method, SendMessage):
            self.last[method.chat_id] = f"{self.last.get(method.chat_id, '')}\n{method.text}"
        return True

    async def close(self) -> None:
        """Nothing to close."""

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        """Telegram has no files here."""
        raise NotImplementedError  # aiogram wants the method; the booking never asks for a file
        yield b""


async def booking(dispatcher: Dispatcher, bot: Bot, sent: Answered, person: int) -> float:
    """One person's four messages; CPU seconds spent in the framework."""
    day = datetime.now(UTC).date() + timedelta(days=7)
    day -= timedelta(days=max(0, day.weekday() - 4))
    chat, user = Chat(id=person, type="private"), User(id=person, is_bot=False, first_name="A")
    texts = ["Pagi, Pak", "#tgllayanan", f"#{letters(person)}#17081990#{day:%d%m%Y}", ""]
    took = 0.0
    for number, text in enumerate(texts):
        written = text or re.findall(r"\*(\d{8})\*", sent.last[person])[0]
        sent.last.pop(person, None)
        message = Message(
            message_id=number, date=datetime.now(UTC), chat=chat, from_user=user, text=written
        )
        update = Update(update_id=person * 4 + number, message=message)
        began = time.process_time()
        await dispatcher.feed_update(bot, update)
        took += time.process_time() - began
    if "Nomor antrean" not in sent.last[person]:
        raise RuntimeError(sent.last[person])
    return took


def letters(number: int) -> str:
    """A number in letters, since names have no digits."""
    digits = [(number // 20**place) % 20 for place in range(4)]
    return "Pemohon " + "".join("bcdfghjklmnprstvwxyz"[digit] + "a" for digit in digits)


async def main(people: int) -> None:
    """Measure."""
    sent = Answered()
    bot = Bot("42:TEST", session=sent)
    dispatcher = Dispatcher(
        storage=MemoryStorage(), events_isolation=SimpleEventIsolation(), seats=Seats()
    )
    dispatcher.include_router(router)
    for person in range(1, 51):
        await booking(dispatcher, bot, sent, person)
    took = [await booking(dispatcher, bot, sent, 1000 + person) for person in range(people)]
    print(json.dumps({"aiogram": 4 * people / sum(took)}))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
