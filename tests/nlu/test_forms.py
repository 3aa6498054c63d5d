from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.events import Problem, Understood

Hear = Callable[..., Understood]

RIGHT = {"person_name": "Budi", "birth_date": "1987-01-25", "service_date": "2027-01-05"}
IN_2017 = datetime(2017, 8, 7, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("#tgllayanan", "ask_dates"),
        ("# tgl layanan", "ask_dates"),
        ("#TglLayanan#", "ask_dates"),
        ("#tanggallayanan", "ask_dates"),
        ("#tanggal layanan", "ask_dates"),
        ("\uff03tgllayanan", "ask_dates"),
        ("*#tgllayanan*", "ask_dates"),
        ("• #tgllayanan.", "ask_dates"),
        ("Pagi pak, #tgllayanan", "ask_dates"),
        ("#tgl\u200blayanan", "ask_dates"),
        ("#batal", "cancel"),
        ("# BATAL #", "cancel"),
        ("#status", "ask_status"),
        ("#bantuan", "help"),
        ("#help", "help"),
        ("#Menu", "help"),
        ("#ulang", "restart"),
        ("#mulai", "restart"),
    ],
)
@pytest.mark.parametrize("state", ["", "choosing_date", "identifying", "confirming"])
def test_commands_are_exact_in_every_state(hear: Hear, text: str, intent: str, state: str) -> None:
    """Case, spaces and wrapping do not matter to a command, nor does the state."""
    heard = hear(text, state)
    assert (heard.intent, heard.confidence) == (intent, 1.0)


@pytest.mark.parametrize(
    "text", ["#tgllayana", "#tglayanan", "tgllayanan", "TglLayanan", "tglayanan"]
)
def test_a_misspelt_command_is_understood(hear: Hear, text: str) -> None:
    """One slip in a command is mended; one that is no word by itself needs no ``#``."""
    heard = hear(text)
    assert (heard.intent, heard.confidence) == ("ask_dates", 1.0)


@pytest.mark.parametrize(
    "text", ["tanggal layanan saya kapan", "batalin", "setujuan", "Tanggalina"]
)
def test_other_words_are_no_commands(hear: Hear, text: str) -> None:
    """What only resembles a command is understood by its words."""
    assert hear(text).confidence < 1


def test_a_command_may_carry_its_code(hear: Hear) -> None:
    """``#batal#`` with a booking code cancels that booking."""
    heard = hear("#batal#jkp7f4q2m8xck")
    assert heard.intent == "cancel"
    assert heard.values() == {"booking_code": "JKP-7F4Q2-M8XCK"}


@pytest.mark.parametrize(
    "text",
    [
        "#Budi#25011987#05012027",
        "#Budi#25011987#05012027#",
        " # Budi # 25011987 # 05012027 # ",
        "##Budi##25011987##05012027##",
        "#Budi\n#25011987\n#05012027",
        "*#Budi#25011987#05012027*",
        "“#Budi#25011987#05012027”",
        "> #Budi#25011987#05012027",
        "Budi#25011987#05012027",
        "Pagi min #Budi#25011987#05012027# terima kasih",
        "#Budi#25-01-1987#5/1/27",
        "#Budi#25 Januari 1987#5 Jan 2027",
        "#Budi#250187#050127",
        "#Budi#25.1.1987#Selasa, 5 Januari 2027",
        "#Budi#05012027#25011987",
        "#25011987#05012027#Budi",
        "\uff03Budi\uff03\uff12\uff15\uff10\uff11\uff11\uff19\uff18\uff17\uff03\uff10\uff15012027",
        "#\u200bBudi#25\u00a001\u00a01987#05012027",
    ],
)
def test_the_identity_form_in_the_ways_it_is_typed(hear: Hear, text: str) -> None:
    """All of these are Budi, born 25 January 1987, coming 5 January 2027."""
    heard = hear(text)
    assert (heard.intent, heard.confidence, heard.problems) == ("submit_identity", 1.0, ())
    assert heard.values() == RIGHT


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "#JOJO#27061978#08082017",
            {"person_name": "JOJO", "birth_date": "1978-06-27", "service_date": "2017-08-08"},
        ),
        (
            "#Budi#25011987#07082017",
            {"person_name": "Budi", "birth_date": "1987-01-25", "service_date": "2017-08-07"},
        ),
    ],
)
def test_the_examples_of_the_press_reports(hear: Hear, text: str, values: dict[str, str]) -> None:
    """What the newspapers of August 2017 told their readers to send is understood on that day."""
    heard = hear(text, now=IN_2017)
    assert heard.intent == "submit_identity"
    assert heard.values() == values


@pytest.mark.parametrize("third", ["3", "no. 3", "yang ketiga", "nomor 3 aja"])
def test_the_service_date_may_be_an_option_number(hear: Hear, third: str) -> None:
    """With numbered dates on the table the third part may be the number."""
    heard = hear(f"#Budi#25011987#{third}", "choosing_date")
    assert heard.intent == "submit_identity"
    assert heard.values() == {
        "person_name": "Budi", "birth_date": "1987-01-25", "option_number": 3,
    }  # fmt: skip


def test_relative_words_are_service_dates(hear: Hear) -> None:
    """``besok`` stands for a service date, never for a birth date."""
    assert hear("#Budi#25011987#besok").values()["service_date"] == "2026-11-24"
    assert hear("#Budi#besok#05012027").problems == (Problem("birth_date", "not_a_date", "besok"),)


@pytest.mark.parametrize("state", ["", "choosing_date", "identifying"])
def test_two_parts_are_name_and_birth_date(hear: Hear, state: str) -> None:
    """The short form is right whether or not the date is known; the flow asks for the rest."""
    heard = hear("#Budi#25011987", state)
    assert heard.intent == "submit_identity"
    assert heard.values() == {"person_name": "Budi", "birth_date": "1987-01-25"}


@pytest.mark.parametrize(
    ("text", "problems", "kept", "example"),
    [
        (
            "#Budi#31-02-1990#05012027",
            [("birth_date", "no_such_date", "31-02-1990")],
            {"person_name", "service_date"},
            "#BUDI#28021990#05012027",
        ),
        (
            "#Budi#31021990#05012027",
            [("birth_date", "no_such_date", "31-02-1990")],
            {"person_name", "service_date"},
            "#BUDI#28021990#05012027",
        ),
        (
            "#Budi#31 Februari 1990#05012027",
            [("birth_date", "no_such_date", "31 Februari 1990")],
            {"person_name", "service_date"},
            "#BUDI#28021990#05012027",
        ),
        (
            "#Budi#25011987#07082017",
            [("service_date", "in_the_past", "07-08-2017")],
            {"person_name", "birth_date"},
            "#BUDI#25011987#24112026",
        ),
        (
            "#Budi#25011987#05012029",
            [("service_date", "too_far", "05-01-2029")],
            {"person_name", "birth_date"},
            "#BUDI#25011987#24112026",
        ),
        (
            "#Budi#25012087#05012027",
            [("birth_date", "in_the_future", "25-01-2087")],
            {"person_name", "service_date"},
            "#BUDI#25011987#05012027",
        ),
        (
            "#Budi#25011887#05012027",
            [("birth_date", "too_long_ago", "25-01-1887")],
            {"person_name", "service_date"},
            "#BUDI#25011987#05012027",
        ),
        (
            "#Budi#abc#05012027",
            [("birth_date", "not_a_date", "abc")],
            {"person_name", "service_date"},
            "#BUDI#17081990#05012027",
        ),
        (
            "#Budi#1234567890123#05012027",
            [("birth_date", "not_a_date", "1234567890123")],
            {"person_name", "service_date"},
            "#BUDI#17081990#05012027",
        ),
        (
            "#Budi77#25011987#05012027",
            [("person_name", "not_a_name", "Budi77")],
            {"birth_date", "service_date"},
            "#NAMA ANDA#25011987#05012027",
        ),
        (
            "#😀#25011987#05012027",
            [("person_name", "not_a_name", "😀")],
            {"birth_date", "service_date"},
            "#NAMA ANDA#25011987#05012027",
        ),
        (
            "##25011987#05012027",
            [("person_name", "missing", "")],
            {"birth_date", "service_date"},
            "#NAMA ANDA#25011987#05012027",
        ),
        (
            "#Budi#05012027",
            [("birth_date", "missing", "")],
            {"person_name", "service_date"},
            "#BUDI#17081990#05012027",
        ),
        (
            "#Budi#31021990#07082017",
            [
                ("birth_date", "no_such_date", "31-02-1990"),
                ("service_date", "in_the_past", "07-08-2017"),
            ],
            {"person_name"},
            "#BUDI#28021990#24112026",
        ),
        (
            "#31021990#05012027#Budi",
            [("birth_date", "no_such_date", "31-02-1990")],
            {"person_name", "service_date"},
            "#BUDI#28021990#05012027",
        ),
        (
            "#nama#tanggal lahir#tanggal yang dipilih",
            [
                ("person_name", "placeholder", "nama"),
                ("birth_date", "placeholder", "tanggal lahir"),
                ("service_date", "placeholder", "tanggal yang dipilih"),
            ],
            set(),
            "#NAMA ANDA#17081990#24112026",
        ),
        (
            "#Budi#TGLLahir#TglKedatangan",
            [
                ("birth_date", "placeholder", "TGLLahir"),
                ("service_date", "placeholder", "TglKedatangan"),
            ],
            {"person_name"},
            "#BUDI#17081990#24112026",
        ),
        (
            "#Budi#25011987#05012027#Depok",
            [("form", "too_many_parts", "#Budi#25011987#05012027#Depok")],
            {"person_name", "birth_date", "service_date"},
            "#BUDI#25011987#05012027",
        ),
        (
            "#foo",
            [("form", "unknown_command", "#foo")],
            set(),
            "#NAMA ANDA#17081990#24112026",
        ),
    ],
)
def test_a_malformed_form_names_every_wrong_part(
    hear: Hear, text: str, problems: list[tuple[str, str, str]], kept: set[str], example: str
) -> None:
    """The wrong parts are named as typed, the right ones kept, and the example is one's own."""
    heard = hear(text)
    assert heard.intent == "malformed_form"
    assert heard.problems == tuple(Problem(*problem) for problem in problems)
    assert set(heard.values()) == kept
    assert heard.example == example


def test_the_example_is_made_of_what_is_known(hear: Hear) -> None:
    """With the date chosen, the example has the two parts still asked for."""
    assert hear("#Rina#31021990", "identifying").example == "#RINA#28021990"
    assert hear("#foo", "confirming").example == "#RINA#17081990#04012027"


def test_a_long_wrong_part_is_quoted_shortened(hear: Hear) -> None:
    """An answer never grows with the nonsense it quotes."""
    [problem] = hear(f"#Budi#{'x' * 3000}#05012027").problems
    assert len(problem.value) == 60
    assert problem.value.endswith("x…")


def test_a_command_word_before_a_birth_date_is_a_name(hear: Hear) -> None:
    """Somebody called Menu can register; ``#menu`` alone is still the command."""
    assert hear("#Menu#25011987").values() == {"person_name": "Menu", "birth_date": "1987-01-25"}
    assert hear("#menu#").intent == "help"


def test_a_number_sign_alone_is_no_form(hear: Hear) -> None:
    """``#`` in ordinary text does not make it a form."""
    assert hear("###").intent == "none"
    assert hear("#3", "choosing_date").values() == {"option_number": 3}
    assert hear("saya pilih #3", "choosing_date").values() == {"option_number": 3}
    assert hear("#05012027", "choosing_date").values() == {"service_date": "2027-01-05"}
    assert hear("#00002681#", "confirming").values() == {"approval_code": "00002681"}


names = st.sampled_from(
    ["Budi", "Rina Wulandari", "M. Rizki", "Nur'aini", "Mei", "JOJO", "Siti Nur-Aini", "Ulan"]
)
separators = st.sampled_from(["#", " # ", "##", "\n#", "#\u200b"])
formats = st.sampled_from(["%d%m%Y", "%d-%m-%Y", "%d/%m/%Y", "%d %m %Y", "%Y-%m-%d", "%d.%m.%Y"])


@given(
    names,
    st.dates(date(1910, 1, 1), TODAY - timedelta(days=1)),
    st.dates(TODAY, TODAY + timedelta(days=366)),
    separators,
    formats,
    formats,
    st.sampled_from(["", "#", " #", "*", "."]),
)
def test_every_right_form_reads_back(
    hear: Hear,
    name: str,
    birth: date,
    service: date,
    separator: str,
    birth_format: str,
    service_format: str,
    end: str,
) -> None:
    """Name and dates come back whatever the separators and spellings."""
    dates = [birth.strftime(birth_format), service.strftime(service_format)]
    heard = hear(separator + separator.join([name, *dates]) + end)
    assert heard.intent == "submit_identity"
    assert heard.values() == {
        "person_name": name,
        "birth_date": birth.isoformat(),
        "service_date": service.isoformat(),
    }


@given(
    st.lists(st.text(max_size=12), max_size=6),
    st.sampled_from(["", "choosing_date", "identifying"]),
)
def test_the_example_of_any_malformed_form_is_right(
    hear: Hear, parts: list[str], state: str
) -> None:
    """Sending the example back is always understood."""
    heard = hear("#" + "#".join(parts), state)
    if heard.intent == "malformed_form":
        assert heard.problems
        again = hear(heard.example.replace("NAMA ANDA", "BUDI"), state)
        assert again.intent == "submit_identity"


def test_a_name_alone(hear: Hear) -> None:
    """A form that has got no further than its name tells the name; one word may be a command."""
    assert hear("#Desi Ratna Dewi", "identifying").values() == {"person_name": "Desi Ratna Dewi"}
    assert hear("#Desi Ratna Dewi", "welcome").intent == "submit_identity"
    assert hear("#Desi").intent == "malformed_form"
