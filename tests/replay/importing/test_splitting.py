"""Where messages begin, when the file makes it hard."""

import random
import time
from datetime import datetime, timedelta

import pytest

from bot.replay.importing.headers import NoChat
from tests.replay.importing.exporting import FORMS, Sent, exported
from tests.replay.importing.reading import left_out, read, said

BEGAN = datetime.fromisoformat("2024-08-20T14:30:01")


def chat(*messages: str, form: str = "id android") -> str:
    """Messages a minute apart, of Budi and Ani in turn."""
    sent = [
        Sent(BEGAN + timedelta(minutes=at), "Ani" if at % 2 else "Budi", text)
        for at, text in enumerate(messages)
    ]
    return exported(sent, form)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("minutes", [-60 * 26, 60 * 24 * 9], ids=["past", "future"])
def test_an_appointment_in_a_message_begins_none(form: str, minutes: int) -> None:
    """A date written as the file writes them, with a colon after it and without, stays text."""
    when = FORMS[form](BEGAN + timedelta(minutes=minutes)).lstrip("\u200e")
    body = f"Jadwal:\n{when}rapat di aula\n{when}Wawancara: bawa KTP"
    heard = said(chat("satu", body, "tiga", "empat", "lima", form=form))
    assert [text for _, text in heard] == ["satu", body, "tiga", "empat", "lima"]


@pytest.mark.parametrize("form", ["id android", "id iphone", "us android", "gb iphone"])
def test_a_quoted_chat_begins_no_messages(form: str) -> None:
    """Lines of another day, even by people who chat here, belong to the message they stand in."""
    quoted = exported(
        [Sent(BEGAN - timedelta(days=3), name, "halo") for name in ("Budi", "Ani")], form
    )
    body = f"kemarin dia bilang:\n{quoted.strip()}"
    heard = said(chat("satu", body, "tiga", "empat", form=form))
    assert [text for _, text in heard] == ["satu", body, "tiga", "empat"]


def test_a_date_within_the_same_minute_is_told_by_what_whatsapp_says() -> None:
    """A line that nobody sent is WhatsApp's own only if it says such things."""
    body = "lihat\n20/08/24 14.30 - rapat di aula"
    assert said(chat(body, "ya", "ok"))[0] == ("Budi", body)
    assert left_out(chat("lihat\n20/08/24 14.30 - Ani keluar", "ya")) == [2]


def test_an_appointment_in_the_last_message_is_no_message() -> None:
    """Nothing comes after it to contradict; but where two chat, there is no third."""
    body = "Jadwal:\n22/08/24 09.00 - Foto: bawa KTP\n23/08/24 09.00 - Wawancara: jam 9"
    heard = said(chat("1", "2", "3", "4", "5", body))
    assert heard[-1] == ("Ani", body)
    assert len(heard) == 6


def test_somebody_who_joins_late_is_heard() -> None:
    """Where a third has written before, a fourth may."""
    names = ["Rina", "Ani", "Budi", "Rina", "Ani", "Rina", "Ani", "Cici"]
    sent = [Sent(BEGAN + timedelta(minutes=at), name, "hai") for at, name in enumerate(names)]
    assert [name for name, _ in said(exported(sent, "id android"))] == names


def test_phones_that_end_messages_otherwise_than_lines_are_believed() -> None:
    """Apple's phones end messages in CRLF and lines within them in LF."""
    lines = chat("1", "2", "3", "4", form="id iphone").splitlines()
    lines[1] += "\n[20/08/24, 14.31.30] Budi: dikutip"
    heard = said("\r\n".join(lines) + "\r\n")
    assert [text for _, text in heard] == ["1", "2\n[20/08/24, 14.31.30] Budi: dikutip", "3", "4"]


def test_messages_that_come_late_are_messages() -> None:
    """A phone that was offline, and clocks put back, put messages out of order by a little."""
    minutes = [0, 5, 3, 6, 1, 60]
    sent = [
        Sent(BEGAN + timedelta(minutes=at), "Ani" if number % 2 else "Budi", str(number))
        for number, at in enumerate(minutes)
    ]
    heard = said(exported(sent, "id android"))
    assert [text for _, text in heard] == ["0", "1", "2", "3", "4", "5"]


def test_a_history_restored_out_of_order_is_taken_as_it_is() -> None:
    """Where much of a file lies before the rest, these are no quotations."""
    sent = [
        Sent(BEGAN + timedelta(minutes=at), "Ani" if at % 2 else "Budi", str(at))
        for at in [*range(60), *range(-600, -540)]
    ]
    assert len(said(exported(sent, "id android"))) == 120


@pytest.mark.parametrize(
    "name",
    [
        "Kanim: Jakarta Pusat",
        "Budi - RT 03",
        "+62 812-0000-0101",
        "12/08 Grup",
        "[Resmi] Kanim",
        "🌸 Ani 🌸",
        "A: B: C",
        "Pak Budi (RT)",
        "user@contoh.id",
        "20.15",
    ],
)
def test_names_with_odd_signs_stay_whole(name: str) -> None:
    """Colons, dashes, numbers and emoji are part of a name that comes up again."""
    sent = [
        Sent(BEGAN, name, "Selamat pagi"),
        Sent(BEGAN, "Rina", "Nama: Rina"),
        Sent(BEGAN, "Rina", "ya"),
        Sent(BEGAN, name, "Nama: siapa: ya"),
    ]
    heard = said(exported(sent, "id android"))
    assert heard == [(each.sender, each.text) for each in sent]


@pytest.mark.parametrize(
    "written", ["~ Rina", "~Rina", "~\u202fRina", "\u202aRina\u202c", "\u200fRina"]
)
def test_marks_around_a_name_are_no_part_of_it(written: str) -> None:
    """Tildes of those who are not in the contacts, and direction marks."""
    assert said(f"[20/08/24 14.30.01] {written}: Pagi")[0] == ("Rina", "Pagi")


def test_forms_people_fill_in_are_no_names() -> None:
    """Who writes nothing but `Nama: …` is still called as they are."""
    sent = [Sent(BEGAN, "Rina", f"Nama: {name}") for name in ("Rina", "Tono", "Wati")]
    assert said(exported(sent, "id android"))[0] == ("Rina", "Nama: Rina")


def test_a_name_somebody_is_sure_of_counts() -> None:
    """Said once, a name with a colon cannot be told; said on the command line it can."""
    text = "20/08/24 14.30 - Kanim: Jakarta: Pagi\n20/08/24 14.30 - Rina: ya"
    assert said(text, known=["Kanim: Jakarta"])[0] == ("Kanim: Jakarta", "Pagi")


def test_what_stands_before_the_first_message_is_told() -> None:
    """A mail's greeting above the chat is left out, and said so."""
    assert left_out("Terlampir chatnya\n\n20/08/24 14.30 - Budi: Pagi") == [1]


def test_a_file_without_messages_is_no_chat() -> None:
    """Nothing is made up."""
    with pytest.raises(NoChat):
        read("Pagi\nHalo")


def test_a_chat_with_other_dates_than_are_said_is_none() -> None:
    """There is no such day in that order."""
    with pytest.raises(NoChat):
        read("20/08/2024 14.30 - Budi: Pagi", order="ymd")


def test_a_hundred_thousand_lines_take_no_more_than_their_share() -> None:
    """Ten times the lines take about ten times as long, also when time runs backwards in places."""
    chance = random.Random(1)

    def seconds(count: int) -> float:
        sent = [
            Sent(
                BEGAN + timedelta(minutes=3 * at),
                chance.choice(["Budi", "Kanim"]),
                f"nomor {at}\nya",
            )
            for at in range(count)
        ]
        lines = exported(sent, "id android").splitlines()
        lines[50::97] = ["01/08/24 14.30 - rapat: x" for _ in lines[50::97]]
        text = "\n".join(lines)
        began = time.process_time()
        read(text)
        return time.process_time() - began

    assert seconds(10_000) < 40 * max(seconds(1_000), 0.01)


def test_one_endless_line_takes_no_longer() -> None:
    """Names are looked for in the beginning of a line only."""
    began = time.process_time()
    long = ["x: " * 300_000, "\n" * 50_000, "a" + " " * 300_000 + "b", "<" + "media" * 100_000]
    long += ["\u200e" * 100_000, "kode keamanan " * 30_000, "IMG " * 100_000 + ".jpg (file"]
    read("\n".join(f"20/08/24 14.30 - Budi: {text}" for text in long))
    assert time.process_time() - began < 10
