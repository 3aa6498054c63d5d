from collections.abc import Callable

import pytest

from bot.dialogue.events import Understood
from nlu.phrases import AFFIRM, ALONE, DENY, GREET, PHRASES, STRONG, THANKS
from nlu.vocabulary import INTENTS

Hear = Callable[..., Understood]

SAID = {
    "greet": [
        "Pagi, Pak", "pagi", "Selamat siang", "sore kak", "malam min", "halo", "haloooo", "Hai",
        "hi", "hello", "assalamualaikum", "Assalamu'alaikum wr. wb.", "ass", "permisi", "min",
        "p", "P", "tes", "test", "ping", "punten", "halo admin", "good morning", "pagi 😊",
    ],
    "register": [
        "mau daftar", "sy mau daftar bikin paspor", "pagi, saya mau daftar", "bikin paspor",
        "buat paspor gmn", "perpanjang paspor", "mau perpanjangan passport", "ambil antrian",
        "ambil antrean dong", "daftar", "paspor baru", "ngurus paspor", "arep gawe paspor",
        "hi, I want to renew my passport",
    ],
    "ask_dates": [
        "tanggal yang tersedia", "tanggal apa yang tersedia?", "ada tanggal kapan",
        "tgl berapa aja yg kosong", "jadwal kosong", "lihat tanggal", "kapan bisa?",
        "masih ada kuota ga", "jadwalnya kapan kosong", "pagi min, ada jadwal kapan?",
        "jadwal", "lihat tanggal dong",
    ],
    "thanks": [
        "terima kasih", "Terima kasih banyak ya pak", "makasih", "makasiiih", "trims", "thanks",
        "matur nuwun", "hatur nuhun", "🙏", "mksh", "thank you",
    ],
    "help": ["bantuan", "help", "menu", "gimana caranya", "bagaimana", "gmn caranya daftar"],
    "talk_to_staff": [
        "petugas", "admin", "cs", "orang", "mau bicara dengan petugas", "bisa ngomong sama admin?",
        "hubungkan ke petugas",
    ],
    "ask_requirements": [
        "syarat", "syaratnya apa aja", "persyaratan", "bawa apa", "besok bawa apa aja?",
        "apa yang harus dibawa", "dokumennya apa saja",
    ],
    "ask_status": ["status", "nomor antrean saya", "nomor antrian saya berapa", "cek antrian"],
    "reschedule": [
        "pindah tanggal", "mau ganti jadwal dong", "pindah", "bisa dipindahin?", "ubah jadwal saya",
        "jadwal saya bisa diundur?", "reschedule please", "can I change my date",
        "I want to move my booking", "pasporku arep ganti dina", "bade pindah dinten",
        "tanggalnya bisa digeser gak", "#pindah", "#ganti tanggal",
    ],
    "ask_location_hours": [
        "alamat kantor dimana", "lokasi", "lokasinya di mana ya", "jam buka", "buka jam berapa",
        "jam brp buka", "hari apa aja bukanya", "sabtu buka gak", "besok buka jam berapa",
        "kantornya di mana", "what time do you open", "where is your office", "bukak jam pira",
    ],
    "correct": ["ganti tanggal lahir", "namanya salah"],
    "reject": ["gak jadi pindah", "ga bisa datang"],
    "ask_fees": [
        "biaya", "berapa biaya bikin paspor?", "biayanya brp min", "bayar berapa?", "harga paspor",
        "how much does a passport cost?", "gratis ga?", "perpanjang paspor bayar brp ya",
        "apakah dipungut biaya", "tarifnya berapa", "besok bayar berapa",
    ],
    "ask_walk_in": [
        "lansia bisa antri langsung?", "ibu saya sudah tua apa bisa antri langsung",
        "boleh datang langsung ga?", "bisa langsung ke kantor tanpa daftar?",
        "can I walk in", "anak kecil boleh ngantri langsung ga min", "tanpa booking bisa?",
        "bisa datang langsung aja?",
    ],
    "restart": ["ulang", "mulai lagi", "dari awal", "restart"],
    "cancel": [
        "batal", "batalkan", "batalin aja", "gak jadi", "ga jadi deh", "nggak jadi", "cancel",
        "ok batal", "teu janten", "tidak jadi tanggal 5",
    ],
    "change_language": ["english", "bahasa inggris", "bahasa indonesia", "english please"],
    "none": ["asdf qwer", "wkwkwk", "hahaha", "?", "...", "😀", "👍", "paling bisa jalan"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "intent"), [(text, intent) for intent, texts in SAID.items() for text in texts]
)
def test_what_people_say(hear: Hear, text: str, intent: str) -> None:
    """Without any context each sentence has its one intent."""
    assert hear(text).intent == intent


@pytest.mark.parametrize(
    "text",
    [
        "iya", "ya", "y", "ok", "OKE", "okeee", "ok siap", "siap", "boleh", "setuju", "setujuuu",
        "gas", "benar", "betul sekali", "sip", "lanjut", "yes", "inggih", "muhun", "oke setuju",
        "sudah benar", "bener kak", "gapapa", "oke makasih", "👍", "👍🏽", "wkwk oke",
        "ga apa-apa",
    ],
)  # fmt: skip
def test_a_yes(hear: Hear, text: str) -> None:
    """Asked yes or no, these are a yes."""
    assert hear(text, "confirming").intent == "approve"


@pytest.mark.parametrize(
    "text",
    [
        "tidak", "gak", "ga", "nggak", "enggak", "no", "jangan", "mboten", "teu", "bukan", "salah",
        "gak benar", "tidak, makasih", "jangan dibatalkan", "❌",
    ],
)  # fmt: skip
def test_a_no(hear: Hear, text: str) -> None:
    """Asked yes or no, these are a no; ``jangan dibatalkan`` cancels nothing."""
    assert hear(text, "confirming").intent == "reject"


def test_thanks_with_a_yes_depend_on_the_question(hear: Hear) -> None:
    """``oke makasih`` agrees where agreement is asked for, and thanks elsewhere."""
    assert hear("oke makasih", "confirming").intent == "approve"
    assert hear("oke makasih", "identifying").intent == "thanks"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("perpanjng paspor", "register"),
        ("persyartan", "ask_requirements"),
        ("pendaftran", "register"),
    ],
)
def test_a_slip_in_a_long_word_is_mended(hear: Hear, text: str, intent: str) -> None:
    """A near miss counts, with the confidence of a guess."""
    heard = hear(text)
    assert (heard.intent, heard.confidence) == (intent, 0.6)


@pytest.mark.parametrize("text", ["orang batak", "batas", "batu", "halim", "mana", "sayap"])
def test_other_words_are_not_bent_into_commands(hear: Hear, text: str) -> None:
    """What is merely similar to a command stays itself."""
    assert hear(text).intent == "none"


def test_exact_words_are_surer_than_guesses(hear: Hear) -> None:
    """Words of the tables have confidence 0.8."""
    assert hear("mau daftar").confidence == 0.8


@pytest.mark.parametrize(
    ("text", "language"),
    [("english", "en"), ("bahasa inggris dong", "en"), ("bahasa indonesia aja", "id")],
)
def test_the_language_asked_for(hear: Hear, text: str, language: str) -> None:
    """The entity says which."""
    assert hear(text).values() == {"language": language}


def test_the_tables_use_the_fixed_vocabulary() -> None:
    """No table knows an intent that flows cannot know."""
    assert {intent for intent, _ in PHRASES} | set(ALONE) | STRONG <= INTENTS


def test_yes_and_no_have_no_word_in_common() -> None:
    """Nor do greetings and thanks with either."""
    assert not AFFIRM & DENY
    assert not (GREET | THANKS) & (AFFIRM | DENY)
