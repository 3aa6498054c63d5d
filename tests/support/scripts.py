"""What people of different kinds write, and what they wait for before they go on.

``{name}``, ``{day}`` (a date on offer), ``{option}`` (its place in the list) and ``{code}`` (the
approval code they were sent) are filled in.
"""

from __future__ import annotations

from typing import Final

Script = tuple[tuple[str, str], ...]
"""Of each message its words, and words of an answer to it."""

_DATES: Final = ("#tgllayanan", "Tanggal layanan yang masih")
_FORM: Final = ("#{name}#17081990#{day:%d%m%Y}", "balas dengan kode persetujuan")
_CODE: Final = ("{code}", "Bawa dokumen asli")
_BOOKED: Final = (_DATES, _FORM, _CODE)

SCRIPTS: Final[dict[str, Script]] = {
    "forms": (("Pagi, Pak", "Cara mendaftar"), *_BOOKED),
    "words": (
        ("permisi kak, mau daftar paspor dong", "Tanggal layanan yang masih"),
        ("nomor {option} aja kak", "Sekarang kirim nama lengkap"),
        ("atas nama {name}, lahir 17 agustus 1990", "balas dengan kode persetujuan"),
        ("ya, sudah benar semua", "Bawa dokumen asli"),
    ),
    "mistaken": (
        _DATES,
        ("#{name}#31021990#{day:%d%m%Y}", "ada yang belum tepat"),
        ("syaratnya apa aja?", "KTP"),
        _FORM,
        ("eh salah, lahirnya 17 agustus 1991", "balas dengan kode persetujuan"),
        _CODE,
    ),
    "english": (
        ("english please", "How to register"),
        ("#tgllayanan", "Dates with free seats"),
        ("number {option}", "Now send your full name"),
        ("my name is {name}, I was born on 12 May 1991", "reply with the approval code"),
        ("{code}", "Bring the original documents"),
    ),
    "cancelled": (*_BOOKED, ("#batal", "Batalkan booking"), ("ya", "sudah dibatalkan")),
    "asked": (*_BOOKED, ("#status", "Kode booking:"), ("makasih ya", "")),
    "holding": (("Pagi, Pak", "Cara mendaftar"), _DATES, _FORM),
    "lost": (("xyzzy qwrt", ""), ("#bantuan", "Bantuan"), ("zzz qqq", "")),
}
