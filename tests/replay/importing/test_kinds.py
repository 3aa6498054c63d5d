"""What each message is: words, something attached, or nothing a person said."""

import pytest

from tests.replay.importing.reading import kinds, left_out, read

LRM = "\u200e"


@pytest.mark.parametrize(
    ("text", "kind", "caption"),
    [
        ("<Media tidak disertakan>", "image", ""),
        ("<Media omitted>", "image", ""),
        ("<Archivo omitido>", "image", ""),
        ("<メディアなし>", "image", ""),
        (f"{LRM}image omitted", "image", ""),
        (f"{LRM}gambar tidak disertakan", "image", ""),
        (f"ini KTP saya {LRM}image omitted", "image", "ini KTP saya"),
        ("sticker omitted", "sticker", ""),
        (f"{LRM}stiker tidak disertakan", "sticker", ""),
        ("GIF omitted", "video", ""),
        ("audio omitted", "audio", ""),
        ("Contact card omitted", "contacts", ""),
        ("kartu kontak tidak disertakan", "contacts", ""),
        (f"surat.pdf • 7 halaman {LRM}dokumen tidak disertakan", "document", ""),
        ("IMG-20240820-WA0001.jpg (file terlampir)", "image", ""),
        ("IMG-20240820-WA0001.jpg (file terlampir)\nini KTP saya\nya", "image", "ini KTP saya\nya"),
        (f"{LRM}IMG-20240820-WA0001.jpg (file attached)", "image", ""),
        ("PTT-20240820-WA0002.opus (file attached)", "voice", ""),
        ("STK-20240820-WA0003.webp (file attached)", "sticker", ""),
        ("VID-20240820-WA0004.mp4 (file terlampir)", "video", ""),
        ("Budi Contoh.vcf (file attached)", "contacts", ""),
        ("surat kuasa.pdf (file attached)", "document", ""),
        (f"{LRM}<attached: 00000002-PHOTO-2024-08-20-14-30-15.jpg>", "image", ""),
        (f"KTP {LRM}<terlampir: 00000002-PHOTO-2024-08-20-14-30-15.jpg>", "image", "KTP"),
        (f"{LRM}<attached: 00000003-STICKER-2024-08-20-14-30-15.webp>", "sticker", ""),
        ("lokasi: https://maps.google.com/?q=-6.2,106.8", "location", ""),
        (f"{LRM}Location: https://maps.google.com/?q=-6.2,106.8", "location", ""),
        ("POLL:\nKapan?\nOPTION: besok (1 vote)", "unsupported", ""),
        ("<View once voice message omitted>", "unsupported", ""),
        ("<Media omitted>\nini KTP saya", "image", "ini KTP saya"),
        (f"{LRM}<attached: 00000002-PHOTO-2024.jpg>\nini KTP saya", "image", "ini KTP saya"),
        (f"surat.pdf {LRM}<attached: 00000002-surat.pdf>\nini", "document", "ini"),
        ("null", "unsupported", ""),
        ("", "unsupported", ""),
        ("<halo>", "text", "<halo>"),
        ("gambar saya mana?", "text", "gambar saya mana?"),
        ("image omitted itu apa", "text", "image omitted itu apa"),
        ("ok <Pesan ini diedit>", "text", "ok"),
        (f"ok {LRM}<This message was edited>", "text", "ok"),
        ("pesan ini diedit", "text", "pesan ini diedit"),
        ("saya mau keluar", "text", "saya mau keluar"),
        ("tolong tambahkan anak saya ke grup", "text", "tolong tambahkan anak saya ke grup"),
    ],
)
def test_what_a_message_is(text: str, kind: str, caption: str) -> None:
    """In the words of Android and of Apple's phones, in several languages."""
    assert kinds(f"20/08/24 14.30 - Rina: {text}\n20/08/24 14.31 - Rina: ya")[0] == (kind, caption)


@pytest.mark.parametrize(
    "text",
    [
        "Rina: Pesan ini telah dihapus",
        "Rina: Anda menghapus pesan ini",
        "Rina: This message was deleted",
        f"Rina: {LRM}You deleted this message.",
        "Rina: Panggilan suara tak terjawab",
        f"Rina: {LRM}Missed video call",
        f"Rina: {LRM}Pesan dan panggilan terenkripsi secara end-to-end. Hanya orang di chat ini.",
        "Rina: Messages and calls are end-to-end encrypted. Only people in this chat can read them",
        "Pesan dan panggilan terenkripsi secara end-to-end. Ketuk untuk info: selengkapnya",
        "Messages to this chat and calls are now secured with end-to-end encryption.",
        'Anda membuat grup "Antre: paspor"',
        'You created group "Passport: queue"',
        "Anda menambahkan Rina",
        "+62 812-0000-0101 added you",
        "Rina keluar",
        "Rina left",
        "Rina mengubah nomor telepon ke nomor baru. Ketuk untuk mengirim pesan",
        "Rina changed their phone number to a new number. Tap to message or add the new number.",
        "Kode keamanan Anda dengan Rina berubah. Ketuk untuk info selengkapnya.",
        "Your security code with Rina changed. Tap to learn more.",
        "Anda mengaktifkan pesan sementara. Pesan baru akan hilang setelah 7 hari.",
        "You turned on disappearing messages. New messages will disappear after 7 days.",
        "Missed voice call",
        "Panggilan video tak terjawab",
        "Rina menyematkan pesan",
        "Rina pinned a message",
        "You blocked this contact. Tap to unblock.",
        "+62 812-0000-0101 bergabung menggunakan tautan undangan grup ini",
        "+62 812-0000-0101 joined using this group's invite link",
        "Rina kini menjadi kontak",
    ],
)
def test_what_nobody_said_is_left_out(text: str) -> None:
    """Deleted messages and WhatsApp's own lines are told with their line and are not played."""
    chat = f"20/08/24 14.29 - Rina: Pagi\n20/08/24 14.30 - {text}\n20/08/24 14.31 - Rina: ya"
    assert [text for _, text in kinds(chat)] == ["Pagi", "ya"]
    assert left_out(chat) == [2]


@pytest.mark.parametrize(
    "line",
    [
        "Rina hat die Gruppe erstellt",
        "Тебя добавили",
        "グループが作成されました",
        "Rina heeft de groep verlaten",
    ],
)
def test_system_lines_of_a_language_nobody_knows_are_known_by_having_no_sender(line: str) -> None:
    """In a file whose first line is such a one, they are expected."""
    chat = f"20.08.24, 14:29 - {line}\n20.08.24, 14:30 - Rina: ja\n20.08.24, 14:31 - {line}\n"
    assert kinds(chat + "20.08.24, 14:32 - Rina: gut") == [("text", "ja"), ("text", "gut")]


def test_a_line_that_speaks_of_a_group_makes_it_one() -> None:
    """On Android without a sender; on Apple's phones with the group's name."""
    assert read('20/08/24 14.30 - Anda membuat grup "x"\n20/08/24 14.30 - Rina: ya').is_group
    iphone = f"[20/08/24 14.30.01] x: {LRM}Anda membuat grup ini\n[20/08/24 14.30.02] Rina: ya"
    assert read(iphone).is_group
    assert not read("20/08/24 14.30 - Rina: saya di grup lain\n").is_group
