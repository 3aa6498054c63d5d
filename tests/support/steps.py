"""What may happen next in a conversation: plain values, which hypothesis draws and shrinks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TypeAlias

from hypothesis import strategies as st

from bot.dialogue.flowset import FlowSet
from nlu.vocabulary import INTENTS


@dataclass(frozen=True)
class Say:
    """Type something."""

    text: str


@dataclass(frozen=True)
class Tap:
    """Tap something that carries any payload."""

    payload: str


@dataclass(frozen=True)
class TapShown:
    """Tap a button that was shown; the newest is 0, and old ones stay on the screen."""

    back: int


@dataclass(frozen=True)
class Code:
    """Send the approval code that is open, or another one."""

    right: bool = True


@dataclass(frozen=True)
class GoOn:
    """Answer what is asked, as somebody would who wants to get there."""


@dataclass(frozen=True)
class Media:
    """Send something else than words."""

    kind: str
    caption: str = ""


@dataclass(frozen=True)
class Again:
    """The channel delivers the last message once more."""


@dataclass(frozen=True)
class Wait:
    """Let time pass; what is due at the end of it rings."""

    minutes: int


@dataclass(frozen=True)
class Deploy:
    """From now on a process with these definitions answers."""

    number: int


Step: TypeAlias = GoOn | Say | Tap | TapShown | Code | Media | Again | Wait | Deploy


TEXTS = (
    "Pagi, Pak", "halo", "sy mau daftar bikin paspor", "#tgllayanan", "tanggal berapa yg kosong",
    "1", "no. 2", "yang ketiga", "yg paling cepet", "99", "0", "besok", "lusa", "senin depan",
    "tgl 5", "24-11-2026", "31-02-2026", "17 agustus 1990", "5 Januari 2027",
    "eh salah, tanggal 2 desember", "nama saya Rina Wulandari", "Rina Wulandari",
    "nama saya Rina Wulandari lahir 17 agustus 1990", "namanya Budi aja",
    "#RINA WULANDARI#17081990#24112026", "#RINA WULANDARI#17081990#25112026#",
    "#BUDI#25011987", "#BUDI#31021987#24112026", "#nama#tanggal lahir#tanggal yang dipilih",
    "#BUDI#25011987#01012020", "#BUDI#25012090#24112026", "#BUDI##24112026", "#", "##", "#budi",
    "#BUDI#25011987#24112026#lagi#lagi", "#SITI#01012024#24122026", "#status", "#batal",
    "gak jadi", "batal", "mulai lagi", "#ulang", "#bantuan", "ya", "oke setuju", "tidak", "salah",
    "makasih ya", "english", "bahasa indonesia", "apa syaratnya", "mau ngomong sama petugas",
    "00002681", "12345678", "1234 5678", "kode 87654321", "JKP-7F4Q2-M8XCK", "081200000001",
    "3171234567890001", "asdf qwerty", "", "   ", "👍", "\u202eabc\u0000def", "{{ office.name }}",
    "{% for x in y %}", "*_~`", "a" * 5000, "/", "/restart", "/none", '/choose_date{"x":',
)  # fmt: skip
"""Right and wrong, formal and not, of every kind a person types."""

ENTITIES: dict[str, tuple[object, ...]] = {
    "service_date": ("2026-11-24", "2026-11-28", "2026-12-25", "2017-08-07", "2031-01-01"),
    "person_name": ("Rina Wulandari", "Budi", "X"),
    "birth_date": ("1990-08-17", "2025-01-01", "1900-01-01", "2090-01-01"),
    "option_number": (0, 1, 2, 99),
    "approval_code": ("00002681", "99999999"),
    "booking_code": ("JKP-7F4Q2-M8XCK",),
    "phone": ("6281200000002",),
    "language": ("id", "en", "xx"),
    "doctor": ("anggrek", "nobody", 3),
    "time": ("08.00", "25.99"),
    "unheard_of": ("x", 1.5),
}
KINDS = ("image", "audio", "sticker", "location", "unsupported")


def intents_of(flows: FlowSet) -> list[str]:
    """Every intent some flow hears, the grammar gives, or nobody knows."""
    heard = {
        event.removeprefix("intent.")
        for machine in flows.machines.values()
        for events in machine.heard.values()
        for event in events
        if event.startswith("intent.")
    }
    return sorted(heard | INTENTS | {"unheard_of"})


def entities() -> st.SearchStrategy[dict[str, object]]:
    """Some entities of a message, by type."""
    kinds = st.lists(st.sampled_from(sorted(ENTITIES)), max_size=3, unique=True)
    return kinds.flatmap(
        lambda chosen: st.fixed_dictionaries({k: st.sampled_from(ENTITIES[k]) for k in chosen})
    )


def steps_of(flows: FlowSet, editions: int = 1) -> st.SearchStrategy[Step]:
    """Anything a person, a clock, the channel or an operator may do."""
    taps = st.builds(
        lambda intent, found: Tap(f"/{intent}{json.dumps(found)}" if found else f"/{intent}"),
        st.sampled_from(intents_of(flows)),
        entities(),
    )
    rare = [
        st.just(Again()),
        st.builds(Media, st.sampled_from(KINDS), st.sampled_from(["", "Rina", "batal", "1"])),
        st.builds(Wait, st.sampled_from([1, 14, 16, 61, 125, 24 * 60, 9 * 24 * 60, 40 * 24 * 60])),
    ]
    if editions > 1:
        rare.append(st.builds(Deploy, st.integers(0, editions - 1)))
    says = st.builds(Say, st.sampled_from(TEXTS))
    shown = st.builds(TapShown, st.integers(0, 8))
    code = st.builds(Code, st.booleans())
    on = st.just(GoOn())
    return st.one_of(on, on, on, on, on, says, says, says, taps, taps, shown, shown, code, *rare)
