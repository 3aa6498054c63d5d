"""Every header form: a chat that is exported in it comes back as it was."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.replay.importing.attachments import attachment_of
from bot.replay.importing.chat import chat_of
from bot.replay.importing.phrases import is_by_nobody, is_deleted, system_language, without_edited
from bot.replay.importing.senders import bare
from bot.replay.importing.signs import trimmed
from bot.replay.importing.source import Source
from bot.replay.importing.stamps import stamp_of
from tests.replay.importing.exporting import FORMS, Sent, exported, tells_seconds

TODAY = date(2026, 11, 22)
BEGAN = datetime.fromisoformat("2024-08-05T08:58:07")

CHAT = [
    (0, "Rina Wulandari", "Selamat pagi"),
    (1, "Kanim Jakarta Pusat", "Selamat pagi!\n\nKetik *#tgllayanan*\n- lalu nomornya: 1 atau 2"),
    (70, "Rina Wulandari", "#tgllayanan"),
    (71, "Kanim Jakarta Pusat", "1. 06/08/24\n2. 07/08/24 jam 09.00\n20:15 tutup: lihat jadwal"),
    (900, "Rina Wulandari", "#RINA WULANDARI#17081990#06082024 🙏"),
    (60 * 26, "+62 812-0000-0101", "Nama: Rina\nTanggal: 06-08-2024\n2024-08-06 10:30:00"),
    (60 * 60, "Rina Wulandari", "ok: siap - terima kasih [lunas]"),
    (60 * 24 * 16, "Kanim Jakarta Pusat", "Kode booking 00002681"),
]


def parsed(text: str) -> list[tuple[str, str, datetime]]:
    """Sender, text and moment of every message in an exported chat."""
    return [
        (each.sender, each.text, each.at)
        for each in chat_of(Source("x", text).lines(), TODAY).messages
    ]


def expected(messages: list[Sent], form: str) -> list[tuple[str, str, datetime]]:
    """What must come back: a form without seconds loses them."""
    seconds = tells_seconds(form)
    return [
        (each.sender, each.text, each.at if seconds else each.at.replace(second=0))
        for each in messages
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("form", FORMS)
def test_a_chat_comes_back_from_every_form(form: str, end: str) -> None:
    """Who said what, when; dates are read as they were meant."""
    messages = [Sent(BEGAN + timedelta(minutes=at), name, text) for at, name, text in CHAT]
    assert parsed(exported(messages, form, end=end)) == expected(messages, form)


NAMES = st.sampled_from(
    [
        *("Rina Wulandari", "+62 812-0000-0101", "Pak Budi - RT 03", "Kanim: Jakarta Pusat"),
        *("🌸 Ani 🌸", "Kantor Imigrasi (resmi)", "د. سامي", "O'Brien", "A", "김민수"),
        "Budi 2024",
    ]
)
WORDS = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp", "Cf"]), min_size=1, max_size=30
)
LINES = st.one_of(
    WORDS,
    st.sampled_from(
        [
            *("", "Nama: Rina", "20:15", "- satu", "jadwal 05/08/24 09.00", "[penting]"),
            *("1. 06/08/24", "2024-08-06 10:30:00", "#RINA#17081990#06082024", "12/08"),
            "https://contoh.id: lihat",
        ]
    ),
)
TEXTS = st.lists(LINES, min_size=1, max_size=4).map("\n".join)


def is_a_person_s(text: str) -> bool:
    """Whether nothing in a text is taken for WhatsApp's words or for the beginning of a message."""
    return (
        bool(trimmed(text))
        and text == trimmed(text)
        and not any(stamp_of(line) for line in text.split("\n")[1:])
        and attachment_of(text) is None
        and not is_deleted(text)
        and not is_by_nobody(text)
        and not without_edited(text)[1]
        and text == bare(text)
        and system_language(text) is None
    )


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    form=st.sampled_from(sorted(FORMS)),
    said=st.lists(
        st.tuples(
            st.timedeltas(timedelta(), timedelta(days=3)), NAMES, TEXTS.filter(is_a_person_s)
        ),
        min_size=8,
        max_size=25,
    ),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_any_chat_comes_back(form: str, said: list[tuple[timedelta, str, str]], end: str) -> None:
    """Exporting and importing again is a round trip, wherever the order of dates can be told."""
    names = dict.fromkeys(name for _, name, _ in said)
    messages = [Sent(BEGAN, name, text) for name in names for text in ("Pagi", "Halo")]
    at = BEGAN
    for pause, name, text in said:
        at += timedelta(seconds=int(pause.total_seconds()))
        messages.append(Sent(at, name, text))
    messages.append(
        Sent(datetime.fromisoformat("2024-12-31T10:00:00"), messages[0].sender, "selesai")
    )
    assert parsed(exported(messages, form, end=end)) == expected(messages, form)
