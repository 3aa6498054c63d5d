import asyncio
import io
import sys
from collections.abc import Iterator

import pytest

from bot.channels.terminal import chat, read_stdin
from bot.console import Console
from bot.dialogue.reply import Reply
from bot.dialogue.store import Contact
from tests.support.echo import NOW, EchoBot

CONTACT = Contact("terminal", "rina", "jakarta_pusat")


async def converse(bot: EchoBot, *lines: str) -> str:
    """What the screen shows when these lines are typed, then the input ends."""
    typed: Iterator[str] = iter(lines)

    async def read_line() -> str | None:
        return next(typed, None)

    screen = Console(file=io.StringIO(), width=80, color_system=None)
    await chat(bot, bot, CONTACT, read_line, screen, lambda: NOW)
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


async def test_prints_the_answers() -> None:
    """What is typed is heard from this contact, now, and the answer is printed."""
    bot = EchoBot()
    assert "Anda: halo" in await converse(bot, "halo")
    assert bot.heard[0].contact.conversation_id == "terminal:jakarta_pusat:rina"
    assert bot.heard[0].contact.heard_at == NOW


async def test_a_number_taps_a_button() -> None:
    """While plain buttons are on the screen, a number taps the one it stands beside."""
    bot = EchoBot()
    screen = await converse(bot, "buttons", "2")
    assert " 2  Kedua" in screen
    tap = bot.heard[1].message
    assert (tap.kind, tap.text, tap.title) == ("tap", '/pick{"n":2}', "Kedua")


async def test_a_number_for_a_list_is_text() -> None:
    """Rows of a list are shown with numbers, but the number goes to the bot as text."""
    bot = EchoBot()
    screen = await converse(bot, "list", "2")
    assert "Buka daftar" in screen
    assert "Pertama  baris satu" in screen
    assert (bot.heard[1].message.kind, bot.heard[1].message.text) == ("text", "2")


@pytest.mark.parametrize("line", ["0", "3", "-1", "00002681", "²"])
async def test_other_numbers_are_text(line: str) -> None:
    """A number that stands beside no button is what it is: text."""
    bot = EchoBot()
    await converse(bot, "buttons", line)
    assert bot.heard[1].message.kind == "text"


async def test_buttons_of_before_are_gone() -> None:
    """After an answer without buttons a number is text again."""
    bot = EchoBot()
    await converse(bot, "buttons", "halo", "1")
    assert bot.heard[2].message.kind == "text"


async def test_the_barcode_is_its_code_in_a_box() -> None:
    """Where there are no pictures the code stands framed."""
    screen = await converse(EchoBot(), "picture")
    assert "│    JKP-7F4Q2-M8XCK    │" in screen
    assert "Ini kodenya" in screen


async def test_a_picture_is_its_name_in_a_box() -> None:
    """So does the name of a picture."""
    screen = await converse(EchoBot(), "sign")
    assert "│    front_desk.png    │" in screen
    assert "gambar (picture)" in screen
    assert "Di sini" in screen


async def test_what_else_a_reply_brings() -> None:
    """So does all else that is no words."""
    screen = await converse(EchoBot(), "all")
    boxes = ["reaksi (reaction)", "✅", "lokasi (location)", "Jalan Contoh No. 1", "-6.2, 106.8"]
    boxes += ["kontak (contact)", "+62 812 0000 0001", "dokumen (document)", "form.pdf"]
    at = -1
    for text in boxes:
        assert (at := screen.find(text, at + 1)) >= 0, text


async def test_marks_become_styles() -> None:
    """WhatsApp's marks are not printed, signs that mark nothing are."""
    bot = EchoBot(lambda _: [Reply("*Kode* _anda_: #nama_lengkap# 2*3*4 [b]x[/b]")])
    assert "Kode anda: #nama_lengkap# 2*3*4 [b]x[/b]" in await converse(bot, "halo")


async def test_control_characters_are_not_printed() -> None:
    """A name with an escape sequence in it cannot drive the terminal."""
    bot = EchoBot(lambda message: [Reply(f"Halo {message.text}")])
    assert "\x1b" not in "\n".join((await converse(bot, "a\x1bb")).splitlines()[1:])


@pytest.mark.parametrize("last", ["/keluar", " /keluar "])
async def test_leaving(last: str) -> None:
    """/keluar ends the chat and is not heard."""
    bot = EchoBot()
    await converse(bot, "halo", last, "masih di sini?")
    assert [inbound.message.text for inbound in bot.heard] == ["halo"]


async def test_an_empty_line_only_looks() -> None:
    """Enter alone prints what came in the meantime and says nothing to the bot."""
    bot = EchoBot()
    typed = iter(["", None])

    async def read_line() -> str | None:
        bot.say(CONTACT, Reply("Sudah dekat harinya"), key=f"timer{id(typed)}")
        return next(typed)

    screen = Console(file=io.StringIO(), width=80)
    await chat(bot, bot, CONTACT, read_line, screen, lambda: NOW)
    assert isinstance(screen.file, io.StringIO)
    assert "Sudah dekat harinya" in screen.file.getvalue()
    assert not bot.heard


async def test_what_waited_is_printed_first() -> None:
    """Replies of an earlier visit are shown before anything is typed."""
    bot = EchoBot()
    bot.say(CONTACT, Reply("Selamat datang kembali"), key="earlier")
    assert "Selamat datang kembali" in await converse(bot)


async def test_storage_down_is_said() -> None:
    """With storage down the chat says so and goes on."""
    bot = EchoBot()
    bot.down = True
    screen = await converse(bot, "halo", "halo")
    assert screen.count("storage is down") == 3


async def test_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines come as typed; the end of input is None."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("halo\n"))
    assert await asyncio.wait_for(read_stdin(), 5) == "halo"
    assert await asyncio.wait_for(read_stdin(), 5) is None
