"""Addresses, kinds and what is wrong: only where the open flow wants to know."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.events import Expectation, Media, Message, Understood
from nlu.grammar import understand

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
TAKES = frozenset({"person_name", "birth_date", "address", "photo", "kind"})
MISSING = ("person_name", "birth_date", "address", "photo")
PHOTO = Media("m1", "image/jpeg")


def heard(text: str, *missing: str, intents: str = "", takes: frozenset[str] = TAKES) -> Understood:
    """What a text means while ``missing`` are asked for."""
    expectation = Expectation("s", frozenset(intents.split()), missing, takes=takes)
    return understand(Message("m", "text", text, NOW), expectation, NOW)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("alamat Jl. Melati No. 5, Batam", "Jl. Melati No. 5, Batam"),
        ("alamat saya di Perum Anggrek blok C/12", "Perum Anggrek blok C/12"),
        ("Alamat: Batam Centre", "Batam Centre"),
        ("sy tinggal di Nagoya Batam", "Nagoya Batam"),
        ("Jl. 17 Agustus 1990 no 4", "Jl. 17 Agustus 1990 no 4"),
    ],
)
def test_said(text: str, address: str) -> None:
    """An address is what follows its label, or begins as addresses do."""
    understood = heard(text, *MISSING)
    assert understood.intent == "inform"
    assert understood.values() == {"address": address}


def test_all_in_one_sentence() -> None:
    """Name, birth date and address are told apart."""
    text = "nama saya Rina Contoh lahir 17 agustus 1990 alamat Jl. Melati 5 Batam"
    assert heard(text, *MISSING).values() == {
        "person_name": "Rina Contoh",
        "birth_date": "1990-08-17",
        "address": "Jl. Melati 5 Batam",
    }


@pytest.mark.parametrize("text", ["Nagoya Batam", "Melati 5", "blok c no 7"])
def test_asked_for(text: str) -> None:
    """Asked for the address alone, the whole answer is one."""
    assert heard(text, "address").values() == {"address": text}


@pytest.mark.parametrize("text", ["iya", "alamat kantornya dimana?", "batal", "makasih pak", "12"])
def test_no_address(text: str) -> None:
    """Other answers are not."""
    assert "address" not in heard(text, "address").values()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("besok", "2026-11-24"),
        ("besok pagi ya", "2026-11-24"),
        ("Kamis depan!", "2026-11-26"),
        ("26 november", "2026-11-26"),
        ("tomorrow", "2026-11-24"),
    ],
)
def test_a_day_is_none(text: str, day: str) -> None:
    """A day and nothing else says when, also where the address is asked for."""
    assert heard(text, "address", "photo").values() == {"service_date": day}


@pytest.mark.parametrize("text", ["Jl. Besok 3", "Pasar Senin", "Kampung 17 Agustus"])
def test_named_after_a_day(text: str) -> None:
    """An address may hold a day."""
    assert heard(text, "address").values() == {"address": text}


def test_elsewhere() -> None:
    """Where no slot takes an address, nothing is found."""
    understood = heard("alamat Jl. Melati 5", takes=frozenset({"person_name"}))
    assert "address" not in understood.values()


class TestForm:
    @pytest.mark.parametrize("end", ["", "#"])
    def test_right(self, end: str) -> None:
        """Source: 002_082fe9cdc2ec9bd3; a number sign of the address itself does no harm."""
        understood = heard(f"#Budi#25011987#Jl. Melati 5{end}")
        assert understood.intent == "submit_identity"
        assert understood.values() == {
            "person_name": "Budi",
            "birth_date": "1987-01-25",
            "address": "Jl. Melati 5",
        }

    @pytest.mark.parametrize(
        ("form", "part", "reason"),
        [
            ("#Budi#31021990#Jl. Melati 5", "birth_date", "no_such_date"),
            ("#Budi#25011987#07082017", "address", "not_an_address"),
            ("#Budi#25011987#Alamat", "address", "placeholder"),
        ],
    )
    def test_wrong(self, form: str, part: str, reason: str) -> None:
        """Every wrong part is named, and an example has an address."""
        understood = heard(form)
        assert understood.intent == "malformed_form"
        assert [(p.part, p.reason) for p in understood.problems] == [(part, reason)]
        assert understood.example.count("#") == 3


class TestKinds:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [("paspor baru", "new"), ("perpanjangan", "renewal"), ("ganti yg baru", "renewal")],
    )
    def test_asked_for(self, text: str, kind: str) -> None:
        """New or a renewal, in people's words."""
        assert heard(text, "kind").values() == {"kind": kind}

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("syarat untuk bayi apa aja", "child"),
            ("persyaratan lansia", "elderly"),
            ("syarat perpanjang", "renewal"),
        ],
    )
    def test_requirements(self, text: str, kind: str) -> None:
        """Requirements are asked for a kind of applicant."""
        understood = heard(text)
        assert (understood.intent, understood.values()) == ("ask_requirements", {"kind": kind})


class TestPictures:
    def heard(self, kind: str, caption: str, media: Media | None) -> Understood:
        """What a file with a caption means."""
        message = Message("m", kind, caption, NOW, media=media)
        return understand(message, Expectation("s", missing=MISSING, takes=TAKES), NOW)

    @pytest.mark.parametrize("caption", ["", "ini ya pak", "fotonya", "🙏"])
    def test_alone(self, caption: str) -> None:
        """A picture is heard whatever little its caption says."""
        understood = self.heard("image", caption, PHOTO)
        assert (understood.intent, understood.values()) == (
            "send_media",
            {"photo": "m1", "sent": "image"},
        )

    def test_with_a_form(self) -> None:
        """A caption counts like a text."""
        understood = self.heard("image", "#Budi#25011987#Jl. Melati 5", PHOTO)
        assert understood.intent == "submit_identity"
        assert understood.values()["photo"] == "m1"

    @pytest.mark.parametrize(
        ("kind", "media"),
        [("document", Media("m1", "application/pdf")), ("audio", None), ("image", None)],
    )
    def test_no_picture(self, kind: str, media: Media | None) -> None:
        """Other files are no photo, and are said to be of no use."""
        understood = self.heard(kind, "ktp saya.pdf", media)
        assert (understood.intent, understood.values()) == ("send_media", {"sent": kind})

    def test_picture_sent_as_a_file(self) -> None:
        """A JPEG or PNG is a photo in whatever way it is sent."""
        assert self.heard("document", "", Media("m2", "image/png")).values() == {
            "photo": "m2",
            "sent": "document",
        }


@pytest.mark.parametrize(
    "text",
    [
        "paspor saya hilang",
        "paspornya rusak kena banjir",
        "rusak kena banjir",
        "kehilangan paspor gimana",
        "my passport is lost",
        "i lost my passport",
        "pasporku ilang pak",
        "paspor abdi leungit",
        "paspor kulo kelangan",
        "syarat paspor hilang apa",
    ],
)
def test_damaged_or_lost(text: str) -> None:
    """Source: 004_1070392a3306dd49; in every language people mix."""
    assert heard(text).intent == "damaged_or_lost"


@pytest.mark.parametrize("text", ["paspor saya tidak hilang, mau perpanjang", "mau bikin paspor"])
def test_neither(text: str) -> None:
    """Who says that it is not lost registers."""
    assert heard(text).intent == "register"


@pytest.mark.parametrize(
    "text", ["saya telat", "besok bisa datang telat?", "telat", "running late"]
)
def test_late(text: str) -> None:
    """Somebody asks what becomes of those who are late."""
    assert heard(text).intent == "mark_late"


@pytest.mark.parametrize(
    "text",
    [
        "saya dari luar kota boleh daftar di sini?",
        "ktp daerah bs ga kak",
        "apa harus sesuai domisili?",
        "bukan warga sini bisa?",
        "domisili beda kota gpp?",
        "can i apply if i am from outside the city",
    ],
)
def test_from_outside(text: str) -> None:
    """Source: 001_8e4007348bdd3fc6, 004_1070392a3306dd49."""
    assert heard(text).intent == "ask_from_outside"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("alamatnya salah, harusnya jl mawar 7", "jl mawar 7"),
        ("alamat yang benar Jl. Melati 5 Batam", "Jl. Melati 5 Batam"),
        ("ralat alamat: jadi perumahan indah blok c", "perumahan indah blok c"),
    ],
)
def test_an_address_put_right(text: str, address: str) -> None:
    """The words that say it was wrong are no part of it."""
    assert heard(text).values()["address"] == address


@pytest.mark.parametrize("text", ["besok pagi jam 8", "senin jam 09.00 wib"])
def test_a_day_and_an_hour_are_no_address(text: str) -> None:
    """When somebody would come is not where they live."""
    assert "address" not in heard(text).values()
