"""Several people in one message: every layout people type gives the same list."""

import json
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.events import Expectation, Message, Understood
from nlu import families
from nlu.grammar import understand
from nlu.reading import Reading
from nlu.spelling import clean
from tests.nlu.conftest import NOW

WELCOME = Expectation("welcome", frozenset({"greet", "register", "ask_dates", "choose_date"}))
COLLECTING = Expectation(
    "collecting",
    frozenset({"family", "done", "approve", "drop_member", "replace_member", "choose_date"}),
    missing=("person_name", "birth_date"),
)
CHOOSING = Expectation("choosing", frozenset({"choose_member", "cancel", "reject"}))
BUDI, ANI = ("BUDI CONTOH", "1987-01-25"), ("ANI CONTOH", "2019-05-03")

Person = tuple[str, date]


def hear(text: str, state: Expectation = WELCOME) -> Understood:
    """What the grammar makes of a text."""
    return understand(Message("m", "text", text, NOW), state, NOW)


def told(heard: Understood) -> dict[str, object]:
    """The entities by type; the members as pairs."""
    found: dict[str, object] = {entity.type: entity.value for entity in heard.entities}
    if "members" in found:
        members = json.loads(str(found["members"]))
        found["members"] = [(each["name"], each["birth_date"]) for each in members]
    return found


@pytest.mark.parametrize("state", [WELCOME, COLLECTING], ids=["welcome", "collecting"])
@pytest.mark.parametrize(
    "text",
    [
        "Budi Contoh 25-01-1987\nAni Contoh 03-05-2019",
        "1. Budi Contoh, 25/1/1987\n2. Ani Contoh, 3/5/2019",
        "1) Budi Contoh - 25 Januari 1987\n2) Ani Contoh - 3 Mei 2019",
        "• Budi Contoh: 25.01.1987\n• Ani Contoh: 03.05.2019",
        "*Budi Contoh* 25 Jan 87\n*Ani Contoh* 3 mei 19",
        "Budi Contoh\n25-01-1987\nAni Contoh\n03-05-2019",
        "Budi Contoh, 25-01-1987, Ani Contoh, 3-5-2019",
        "budi contoh 25011987; ani contoh 03052019",
        "Budi Contoh (25-01-1987) & Ani Contoh (3-5-2019)",
        "#Budi Contoh#25011987\n#Ani Contoh#03052019",
        "#Budi Contoh#25011987#Ani Contoh#03052019",
        "Budi Contoh | 25-01-1987 | Ani Contoh | 03-05-2019",
        "25-01-1987 Budi Contoh\n03-05-2019 Ani Contoh",
        "1987-01-25 Budi Contoh, 2019-05-03 Ani Contoh",
        "Nama: Budi Contoh\nTgl lahir: 25-01-1987\nNama: Ani Contoh\nTgl lahir: 3-5-2019",
        "1. Nama: Budi Contoh, TTL: Jakarta, 25-01-1987\n2. Nama: Ani Contoh, TTL: Bogor, 3-5-2019",
        "Budi Contoh, Jakarta 25-01-1987\nAni Contoh, Bogor 3-5-2019",
        "Budi Contoh 25-01-1987 Jakarta, Ani Contoh 3-5-2019 Bogor",
        "Budi Contoh lahir di Jakarta 25-1-1987, Ani Contoh lahir di Bogor 3-5-2019",
        "Suami: Budi Contoh 25-01-1987\nAnak: Ani Contoh 3-5-2019",
        "saya Budi Contoh lahir 25-1-1987 sama anak saya Ani Contoh 3-5-2019",
        "anak saya Ani Contoh 3-5-2019 dan saya Budi Contoh 25-1-1987",
        "me: Budi Contoh 25-01-1987, daughter: Ani Contoh 3-5-2019",
        "pak Budi Contoh, S.E. 25-01-1987\nAni Contoh 3-5-2019",
    ],
)
def test_layouts(text: str, state: Expectation) -> None:
    """However two people are written down, they are the same two, and who writes comes first."""
    heard = hear(text, state)
    assert (heard.intent, told(heard)) == ("family", {"members": [BUDI, ANI]})


@pytest.mark.parametrize(
    ("text", "relation", "count"),
    [
        ("anak saya Ani Contoh lahir 3-5-2019", "child", 1),
        ("untuk anakku Ani Contoh 3 mei 2019", "child", 1),
        ("ibu saya Ani Contoh, 3-5-2019", "elderly", 1),
        ("my daughter Ani Contoh born 3 may 2019", "child", 1),
        ("adik saya Ani Contoh 3-5-2019", "sibling", 1),
        ("mau bikin paspor buat anak saya Ani Contoh 3-5-2019", "child", 1),
        ("tolong daftarin mama saya Ani Contoh 3-5-2019 ya min", "elderly", 1),
        ("anak saya Budi Contoh 25-1-1987 sama ibu Ani Contoh 3-5-2019", "child", None),
        ("my kids are Budi Contoh 25/1/1987 and Ani Contoh 3/5/2019", "child", None),
        ("saya Budi Contoh 25-1-1987, anak saya Ani Contoh 3-5-2019", None, None),
        ("Budi Contoh 25-1-1987, istri saya Ani Contoh 3-5-2019", None, None),
    ],
)
def test_for_whom(text: str, relation: str | None, count: int | None) -> None:
    """Who is named as somebody of the writer's comes without the writer, unless they come too."""
    found = told(hear(text))
    assert (found.get("relation"), found.get("people_count")) == (relation, count)
    assert ANI in (found["members"] if isinstance(found["members"], list) else [])


def test_named_like_a_month() -> None:
    """The number of a line and a name are no date."""
    heard = hear("1. Agus, 17-8-1990\n2. Mei, 3-5-2019")
    assert told(heard) == {"members": [("AGUS", "1990-08-17"), ("MEI", "2019-05-03")]}


def test_one_day_for_all() -> None:
    """A day to come beside the births is the day of service."""
    heard = hear("Budi Contoh 25-1-1987\nAni Contoh 3-5-2019\ntanggal layanan 25 november 2026")
    assert told(heard) == {"members": [BUDI, ANI], "service_date": "2026-11-25"}


def test_a_birth_date_that_cannot_be() -> None:
    """The others are kept, and what is wrong is quoted."""
    heard = hear("Budi Contoh 31-02-1987\nAni Contoh 3-5-2019", COLLECTING)
    assert (heard.intent, told(heard)["members"]) == ("malformed_form", [ANI])
    assert [problem.value for problem in heard.problems] == ["31-02-1987"]


def test_a_name_that_cannot_be_read() -> None:
    """Nobody is left out silently: the words that are no name are quoted."""
    heard = hear("Budi Contoh 25-1-1987\nkantor pusat 3-3-1980\nAni Contoh 3-5-2019", COLLECTING)
    assert (heard.intent, told(heard)["members"]) == ("malformed_form", [BUDI, ANI])
    assert [(each.part, each.value) for each in heard.problems] == [("person_name", "kantor pusat")]


def test_initials() -> None:
    """A single letter after a name belongs to it."""
    assert told(hear("Pemohon A 1-2-1990\nPemohon G 1-2-1990"))["members"] == [
        ("PEMOHON A", "1990-02-01"),
        ("PEMOHON G", "1990-02-01"),
    ]


def test_one_person_is_no_family() -> None:
    """Whoever registers themself is not asked for others."""
    assert hear("Budi Contoh lahir 25-01-1987").intent in {"submit_identity", "inform"}


LAYOUTS: Sequence[Callable[[int, str, date], str]] = (
    lambda _, name, born: f"{name} {born:%d-%m-%Y}",
    lambda n, name, born: f"{n}. {name}, {born:%d/%m/%Y}",
    lambda n, name, born: f"{n}) {name.title()} - {born:%d%m%Y}",
    lambda _, name, born: f"#{name}#{born:%d%m%Y}",
    lambda _, name, born: f"Nama: {name.lower()}\nTgl lahir: {born:%d.%m.%Y}",
    lambda _, name, born: f"{name}\n{born:%Y-%m-%d}",
)
FIRST = ("BUDI", "ANI", "SITI", "JOKO", "MEI", "AGUS", "DESI", "RINA", "NUR-AINI", "MOH. ADI")
LAST = ("", " CONTOH", " FIKTIF", " WULANDARI", " SAMPEL JAYA")
NAMES = st.builds(lambda first, last: first + last, st.sampled_from(FIRST), st.sampled_from(LAST))
BORN = st.dates(date(1930, 1, 1), NOW.date() - timedelta(days=1))
PEOPLE = st.lists(st.tuples(NAMES, BORN), min_size=2, max_size=7, unique=True)


@given(people=PEOPLE, layout=st.sampled_from(LAYOUTS), together=st.sampled_from(["\n", "\n\n"]))
def test_what_is_written_is_read(
    people: list[Person], layout: Callable[[int, str, date], str], together: str
) -> None:
    """A list of up to seven, in each layout: nobody is lost, mixed up or made up."""
    text = together.join(layout(n, *person) for n, person in enumerate(people, start=1))
    expected = [(name, born.isoformat()) for name, born in people]
    assert told(hear(text, COLLECTING)) == {"members": expected}


@given(people=PEOPLE, sign=st.sampled_from([", ", "; ", " dan ", " sama ", " & ", " / "]))
def test_in_one_sentence(people: list[Person], sign: str) -> None:
    """The same on one line, joined as people join."""
    text = sign.join(f"{name} {born.day}-{born.month}-{born.year}" for name, born in people)
    assert told(hear(text))["members"] == [(name, born.isoformat()) for name, born in people]


@pytest.mark.parametrize(
    ("text", "count", "relation"),
    [
        ("saya mau daftar sekeluarga 4 orang", 4, None),
        ("untuk saya, istri dan 2 anak", 4, None),
        ("daftar berdua sama suami", 2, None),
        ("we are a family of five", 5, None),
        ("mau daftarkan anak saya", 1, "child"),
        ("daftar untuk orang tua saya", 1, "elderly"),
        ("register my mother please", 1, "elderly"),
        ("bikin paspor buat dua anak", 2, "child"),
        ("daftar sekeluarga", None, None),
    ],
)
def test_how_many(text: str, count: int | None, relation: str | None) -> None:
    """Announced before anybody is named."""
    heard = hear(text)
    found = told(heard)
    assert heard.intent == "family"
    assert (found.get("people_count"), found.get("relation")) == (count, relation)


@pytest.mark.parametrize(
    ("text", "intent", "found"),
    [
        ("hapus nomor 2", "drop_member", {"member_number": 2}),
        ("hapus Ani", "drop_member", {"member_name": "Ani"}),
        ("remove number two", "drop_member", {"member_number": 2}),
        (
            "ganti nomor 1 jadi Budi Contoh 25-01-1987",
            "replace_member",
            {"member_number": 1, "members": [BUDI]},
        ),
        (
            "nomor 2 harusnya Ani Contoh",
            "replace_member",
            {"member_number": 2, "members": [("ANI CONTOH", "")]},
        ),
        (
            "ganti nomor 1 jadi 25-01-1987",
            "replace_member",
            {"member_number": 1, "members": [("", "1987-01-25")]},
        ),
        ("sudah, itu saja", "done", {}),
        ("that's all", "done", {}),
        ("tambah lagi: Ani Contoh 3 mei 2019", "family", {"members": [ANI]}),
    ],
)
def test_changes(text: str, intent: str, found: dict[str, object]) -> None:
    """What changes the list is heard where a list is being made."""
    heard = hear(text, COLLECTING)
    assert (heard.intent, told(heard)) == (intent, found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("yang nomor 3", {"member_number": 3}),
        ("3", {"member_number": 3}),
        ("Ani", {"member_name": "Ani"}),
        ("untuk Ani", {"member_name": "Ani"}),
        ("semua", {"member_number": 0}),
        ("everybody", {"member_number": 0}),
    ],
)
def test_whom(text: str, found: dict[str, object]) -> None:
    """One of a family is chosen by number or name, or all are."""
    heard = hear(text, CHOOSING)
    assert (heard.intent, told(heard)) == ("choose_member", found)


@pytest.mark.parametrize("text", ["hapus si Ani", "hapus Ani aja", "coret nama Ani ya"])
def test_dropped_by_name(text: str) -> None:
    """Who is to go from the list is told, whatever word stands before the name."""
    heard = hear(text, COLLECTING)
    assert (heard.intent, heard.values()) == ("drop_member", {"member_name": "Ani"})


PIECES = [
    "Budi", "ani contoh", "saya", "anak saya", "orang tua saya", "istri", "17-08-1990",
    "3 mei 2019", "31-02-1990", "24112026", "besok", "senin depan", "1.", "2)", "\n", "#", ",",
    "4 orang", "tgl 5", "lahir", "untuk", "sekeluarga", "dan", "mei", "?",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES), max_size=14),
    st.sampled_from([WELCOME, COLLECTING, CHOOSING, Expectation()]),
)
def test_who_is_not_looked_for_is_not_there(pieces: list[str], state: Expectation) -> None:
    """Where words stand tells that nobody is named only when a closer look finds nobody either."""
    reading = Reading(clean(" ".join(pieces)), state, NOW.date())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(families, "_may_name_people", lambda _: True)
        closely = families.read_family(reading)
    assert families.read_family(reading) == closely


CONFIRMING = Expectation(
    "confirming",
    frozenset({"give_code", "approve", "reject", "correct", "inform", "choose_date"}),
    known={"person_name": "BUDI CONTOH", "birth_date": "1987-01-25", "service_date": "2027-01-04"},
    takes=frozenset({"person_name", "birth_date"}),
)


@pytest.mark.parametrize(
    "text",
    ["sama istri juga Ani Contoh 3 mei 2019", "tambah istri Ani Contoh 3 mei 2019",
     "istri saya Ani Contoh 3 mei 2019", "plus Ani Contoh 3-5-2019", "dan Ani Contoh 3 mei 2019",
     "sekalian anak saya Ani Contoh 3 mei 2019", "ini anak saya ikut, Ani Contoh 3-5-2019"],
)  # fmt: skip
def test_one_more_beside_who_is_confirmed(text: str) -> None:
    """The one a seat is held for comes all the same: nobody takes their place."""
    heard = hear(text, CONFIRMING)
    assert (heard.intent, told(heard)) == ("family", {"members": [ANI]})


@pytest.mark.parametrize(
    "text",
    [
        "Ani Contoh 3 mei 2019",
        "Ani Contoh, 03-05-2019",
        "Ani Contoh aja deh yg daftar, lahir 3 mei 2019",
    ],
)
def test_data_sent_again(text: str) -> None:
    """At the confirmation, a name and a birth date take the place of both."""
    heard = hear(text, CONFIRMING)
    assert (heard.intent, told(heard)) == (
        "inform",
        {"person_name": "Ani Contoh", "birth_date": "2019-05-03"},
    )


@pytest.mark.parametrize(
    "text",
    ["3 mei 2019 di Bandung", "eh 3 mei 2019 ding", "kayaknya 3 mei 2019",
     "lahir di Bandung 3 mei 2019", "di ktp 3 mei 2019", "diubah jadi 03-05-2019 kak"],
)  # fmt: skip
def test_only_a_birth_date_sent_again(text: str) -> None:
    """What stands around a date at the confirmation is no name."""
    assert "person_name" not in told(hear(text, CONFIRMING))


@pytest.mark.parametrize(
    ("text", "count", "relation"),
    [("buat anak sy umur 3 th sama sy jg", 2, None), ("buat istri dan saya", 2, None),
     ("daftar untuk anak dan saya sendiri", 2, None),
     ("untuk anak saya dan istri saya", 2, "child")],
)  # fmt: skip
def test_whoever_writes_said_last(text: str, count: int, relation: str | None) -> None:
    """They come too, also where they name themselves after the others."""
    found = told(hear(text))
    assert (found["people_count"], found.get("relation")) == (count, relation)


def test_for_another_instead() -> None:
    """Whoever registers it for their child instead does not come."""
    found = told(hear("eh ini buat anak saya Ani Contoh 3 mei 2019", CONFIRMING))
    assert found == {"members": [ANI], "relation": "child", "people_count": 1}


@pytest.mark.parametrize(
    ("text", "name"),
    [("Kevin ga jadi ikut", "Kevin"), ("kevin batal ikut ya", "kevin"), ("batalin Kevin", "Kevin"),
     ("anaknya gajadi ikut", "anaknya"), ("Rina Contoh tidak jadi datang", "Rina Contoh")],
)  # fmt: skip
def test_one_who_stays_at_home(text: str, name: str) -> None:
    """It is that one alone who is cancelled."""
    heard = hear(text, COLLECTING)
    assert (heard.intent, told(heard)) == ("cancel", {"member_name": name})


@pytest.mark.parametrize("text", ["ga jadi bertiga, berdua aja", "gajadi 4 orang, 3 aja"])
def test_fewer(text: str) -> None:
    """Another number turned down cancels nothing: the list is shown."""
    assert hear(text, COLLECTING) == Understood("reject")


def test_more() -> None:
    """What it becomes is no refusal."""
    assert hear("jadi bertiga ya", COLLECTING).intent == "family"
