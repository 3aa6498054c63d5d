from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.dialogue.events import Message, Problem, Understood
from nlu.grammar import understand
from tests.nlu.conftest import NOW, STATES

Hear = Callable[..., Understood]

RINA = {"person_name": "Rina Wulandari", "birth_date": "1990-08-17"}


@pytest.mark.parametrize(
    "text",
    [
        "nama saya Rina Wulandari lahir 17 agustus 1990",
        "Rina Wulandari, 17-08-1990",
        "Rina Wulandari 17081990",
        "Rina Wulandari 170890",
        "Rina Wulandari 17/8/90",
        "Nama: Rina Wulandari\nTgl lahir: 17-08-1990",
        "Nama : Rina Wulandari\nTTL : Bandung, 17 Agustus 1990",
        "sy Rina Wulandari lahir di Bandung 17 ags 90",
        "atas nama Rina Wulandari, tgl lahir 17.8.1990",
        "bu Rina Wulandari, S.Kom, 17 agt 1990 ya min",
        "pagi kak, Rina Wulandari 17 8 1990 makasih",
        "lahir 17 agustus 1990 nama Rina Wulandari",
    ],
)
@pytest.mark.parametrize("state", ["identifying", "collecting", "", "choosing_date"])
def test_name_and_birth_date_in_free_text(hear: Hear, text: str, state: str) -> None:
    """Where identity is awaited, and where nothing is known, all of these are Rina."""
    heard = hear(text, state)
    assert heard.values() == RINA
    assert heard.confidence == 0.9
    assert heard.intent == ("submit_identity" if state == "choosing_date" else "inform")


@pytest.mark.parametrize("name", ["Rina Wulandari", "Mei", "Agus Septian", "juni", "Desi"])
def test_just_a_name_where_the_name_comes_first(hear: Hear, name: str) -> None:
    """A name alone answers the question for the name, also a name that is a month."""
    heard = hear(name, "identifying")
    assert (heard.intent, heard.values()) == ("inform", {"person_name": name})


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("pagi", "greet"),
        ("iya", "approve"),
        ("gak", "reject"),
        ("batal", "cancel"),
        ("bantuan", "help"),
        ("makasih", "thanks"),
        ("tanggal berapa aja?", "ask_dates"),
        ("besok bawa apa?", "ask_requirements"),
        ("kantornya dimana ya", "ask_location_hours"),
    ],
)
def test_other_things_are_not_swallowed_as_a_name(hear: Hear, text: str, intent: str) -> None:
    """Where a name is awaited, greetings, commands, yes and no stay what they are."""
    heard = hear(text, "identifying")
    assert heard.intent == intent
    assert "person_name" not in heard.values()


def test_everything_in_one_message(hear: Hear) -> None:
    """The date behind us is the birth date, the one ahead the service date, in any order."""
    everything = {**RINA, "service_date": "2027-01-05"}
    text = "nama saya Rina Wulandari lahir 17 agustus 1990, tanggal 5 januari"
    assert hear(text, "welcome").values() == everything
    assert hear("5 januari 2027, Rina Wulandari, 17-08-1990", "collecting").values() == everything


@pytest.mark.parametrize(
    ("text", "state", "day"),
    [
        ("tanggal 5", "choosing_date", "2026-12-05"),
        ("yang senin depan aja", "choosing_date", "2026-11-30"),
        ("mau daftar paspor tgl 5 januari", "welcome", "2027-01-05"),
        ("eh salah, tanggal 5", "identifying", "2026-12-05"),
        ("tidak, tanggal 6 saja", "choosing_date", "2026-12-06"),
        ("tgl 5 atau tgl 6", "collecting", "2026-12-05"),
        ("besok ada?", "choosing_date", "2026-11-24"),
    ],
)
def test_a_service_date_in_free_text(hear: Hear, text: str, state: str, day: str) -> None:
    """A date chosen, corrected or preferred to another."""
    heard = hear(text, state)
    assert (heard.intent, heard.confidence) == ("choose_date", 0.9)
    assert heard.values() == {"service_date": day}


@pytest.mark.parametrize(
    ("text", "state", "problem", "example"),
    [
        (
            "31 februari",
            "choosing_date",
            Problem("service_date", "no_such_date", "31 februari"),
            "#NAMA ANDA#17081990#24112026",
        ),
        (
            "07082025",
            "choosing_date",
            Problem("service_date", "in_the_past", "07-08-2025"),
            "#NAMA ANDA#17081990#24112026",
        ),
        (
            "31-02-1990",
            "identifying",
            Problem("birth_date", "no_such_date", "31-02-1990"),
            "#NAMA ANDA#28021990#04012027",
        ),
        (
            "31021990",
            "asking_birth_date",
            Problem("birth_date", "no_such_date", "31-02-1990"),
            "#RINA#28021990#04012027",
        ),
        (
            "17 agustus 2030",
            "asking_birth_date",
            Problem("birth_date", "in_the_future", "17 agustus 2030"),
            "#RINA#17081930#04012027",
        ),
        (
            "Rina, 17-08-1990, datang 05-01-2016",
            "collecting",
            Problem("service_date", "in_the_past", "05-01-2016"),
            "#RINA#17081990#24112026",
        ),
    ],
)
def test_a_wrong_date_that_is_awaited_is_named(
    hear: Hear, text: str, state: str, problem: Problem, example: str
) -> None:
    """It comes back as a problem with an example, not as silence."""
    heard = hear(text, state)
    assert (heard.intent, heard.problems) == ("malformed_form", (problem,))
    assert heard.example == example


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("17-08-1991", {"birth_date": "1991-08-17"}),
        ("nama saya Rina Wulandaru", {"person_name": "Rina Wulandaru"}),
    ],
)
def test_corrections_at_the_confirmation(hear: Hear, text: str, values: dict[str, str]) -> None:
    """A name announced or a birth date long ago corrects what was confirmed."""
    heard = hear(text, "confirming")
    assert (heard.intent, heard.values()) == ("inform", values)


@pytest.mark.parametrize("text", ["17-08-1990", "17 agustus 1990", "170890", "lahir 17 8 1990"])
def test_just_a_birth_date(hear: Hear, text: str) -> None:
    """With the name known, the birth date alone is the answer."""
    heard = hear(text, "asking_birth_date")
    assert (heard.intent, heard.values()) == ("inform", {"birth_date": "1990-08-17"})


def test_a_wish_to_register_keeps_its_date(hear: Hear) -> None:
    """Without a state the wish is the intent and the date comes along."""
    heard = hear("mau daftar paspor besok")
    assert (heard.intent, heard.values()) == ("register", {"service_date": "2026-11-24"})


@pytest.mark.parametrize(
    "text",
    [
        "daftar Rina Contoh 3-4-1990",
        "mau daftar min, Rina Contoh lahir 3-4-1990",
        "saya daftar untuk diri saya sendiri Rina Contoh 3 april 1990",
        "daftarkan Rina Contoh, 03041990",
        "register Rina Contoh born 3 april 1990",
    ],
)
def test_a_name_after_asking_to_register(hear: Hear, text: str) -> None:
    """The wish to register does not hide who it is for, nor makes a birth a day of service."""
    heard = hear(text, "welcome")
    found = {entity.type: entity.value for entity in heard.entities}
    assert heard.intent == "submit_identity"
    assert found == {"person_name": "Rina Contoh", "birth_date": "1990-04-03"}


def test_coming_is_no_question(hear: Hear) -> None:
    """Who says that they come straight away does not ask whether they may queue by hand."""
    assert hear("oke saya langsung datang besok", "choosing_date").intent == "choose_date"


@pytest.mark.parametrize(
    ("text", "state", "problem"),
    [
        ("17 agustus", "asking_birth_date", Problem("birth_date", "no_year", "17 agustus")),
        ("4 januari", "asking_birth_date", Problem("birth_date", "no_year", "4 januari")),
        ("lahir 4 mei", "identifying", Problem("birth_date", "no_year", "4 mei")),
        ("Rina Wulandari, 4 mei", "identifying", Problem("birth_date", "no_year", "4 mei")),
    ],
)
def test_a_birth_date_without_its_year(hear: Hear, text: str, state: str, problem: Problem) -> None:
    """Where a birth date is asked for, a day too far off to come on is one, and lacks its year."""
    assert hear(text, state).problems == (problem,)


@pytest.mark.parametrize("text", ["4 desember aja", "ganti 4 desember", "tgl 5"])
def test_another_day_instead_of_the_birth_date(hear: Hear, text: str) -> None:
    """A day one may come on is another choice of day, while name and birth date are asked for."""
    assert hear(text, "identifying").values().keys() == {"service_date"}


def test_a_birth_date_before_it_is_asked_for(hear: Hear) -> None:
    """A date long ago is no day to come on, whatever is asked."""
    heard = hear("4 mei 1992", "choosing_date")
    assert (heard.intent, heard.values()) == ("submit_identity", {"birth_date": "1992-05-04"})


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("yang nomor 3, atas nama Dewi Lestari lahir 4 mei 1992", 3),
        ("2. Dewi Lestari 4 mei 1992", 2),
        ("yang ketiga ya, nama saya Dewi Lestari lahir 4-5-1992", 3),
        ("Dewi Lestari 4 mei 1992", None),
        ("nomor 9, Dewi Lestari 4 mei 1992", None),
    ],
)
def test_a_number_of_the_list_beside_the_name(hear: Hear, text: str, number: int | None) -> None:
    """A date is chosen by its number in the same message; one beyond the list is not meant."""
    heard = hear(text, "choosing_date").values()
    assert (heard.get("option_number"), heard["birth_date"]) == (number, "1992-05-04")


def test_a_number_where_the_day_is_known(hear: Hear) -> None:
    """The number of a line chooses no day once that is chosen."""
    assert "option_number" not in hear("1. Dewi Lestari 4 mei 1992", "identifying").values()


@pytest.mark.parametrize(
    "text", ["besok eh lusa aja", "tgl 24 eh maksudnya tgl 25", "24/11 sorry 25/11"]
)
def test_a_day_taken_back(hear: Hear, text: str) -> None:
    """Of two days the one counts after which nothing is taken back."""
    assert hear(text, "choosing_date").values() == {"service_date": "2026-11-25"}


@pytest.mark.parametrize(
    ("text", "age"),
    [("umur saya 35 tahun", "35 tahun"), ("usia 4th", "4th"), ("i'm 35 years old", "35 years")],
)
def test_an_age_is_no_birth_date(hear: Hear, text: str, age: str) -> None:
    """Where a birth date is asked for, an age is answered with what is needed."""
    heard = hear(text, "asking_birth_date")
    assert heard.problems == (Problem("birth_date", "not_a_date", age),)


@pytest.mark.parametrize(
    ("text", "name"), [("Umar Old 35", "Umar Old"), ("Rina Old 7", "Rina Old")]
)
def test_a_name_and_a_number_are_no_age(hear: Hear, text: str, name: str) -> None:
    """``old`` says an age behind the number only."""
    heard = hear(text, "identifying")
    assert (heard.values(), heard.problems) == ({"person_name": name}, ())


@pytest.mark.parametrize("text", ["anak umur 4 tahun bisa?", "umur 35 tahun"])
def test_an_age_elsewhere(hear: Hear, text: str) -> None:
    """A question about an age, and an age where nobody asks, are none of that."""
    assert not hear(text, "asking_birth_date" if "?" in text else "choosing_date").problems


@pytest.mark.parametrize(
    "text",
    [
        "ga bisa dateng besok",
        "besok saya ga bisa hadir",
        "tidak sempat datang tgl 26",
        "can't come tomorrow",
    ],
)
@pytest.mark.parametrize("state", ["", "choosing_date"])
def test_a_day_one_cannot_come_on(hear: Hear, text: str, state: str) -> None:
    """It is not chosen."""
    assert "service_date" not in hear(text, state).values()


@pytest.mark.parametrize(
    "text", ["ga bisa dateng besok, lusa aja", "besok ga bisa datang lusa bisa"]
)
def test_another_day_than_one_cannot_come_on(hear: Hear, text: str) -> None:
    """The other one is."""
    assert hear(text, "choosing_date").values() == {"service_date": "2026-11-25"}


def test_a_question_whether_one_may_come(hear: Hear) -> None:
    """Who asks whether they may not come on a day would like to."""
    assert hear("besok ga bisa datang?", "choosing_date").values() == {"service_date": "2026-11-24"}


def test_a_question_about_names_tells_none(hear: Hear) -> None:
    """What is asked about is nobody's name."""
    assert "person_name" not in hear("nama ibu kandung perlu ga?", "identifying").values()


@pytest.mark.parametrize(
    ("text", "name"),
    [("budi_santoso_17081990", "budi santoso"), ("_Budi Santoso_ 17-08-1990", "Budi Santoso"),
     ("jangan pake nama ani, pake nama budi santoso 17 agustus 1990", "budi santoso"),
     ("Zulkifli lahia 17 agustus 1990", "Zulkifli")],
)  # fmt: skip
def test_the_whole_name_and_no_other(hear: Hear, text: str, name: str) -> None:
    """Neither what parts words nor a name turned down gets in its way."""
    assert hear(text, "identifying").values() == {"person_name": name, "birth_date": "1990-08-17"}


def test_another_number_of_the_list_beside_the_name() -> None:
    """The day chosen before is changed where that is said."""
    found = understand(
        Message("m", "text", "ganti no 3 deh, budi santoso 17081990", NOW),
        replace(STATES["identifying"], options=5),
        NOW,
    )
    assert found.values()["option_number"] == 3
