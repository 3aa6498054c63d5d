import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.booking.codes import read_booking_code
from bot.dialogue.events import Expectation, Message
from nlu.grammar import understand
from tests.nlu.conftest import NOW, Hear

CODE = "JKP-7F4Q2-M8XCK"


@pytest.mark.parametrize(
    "text",
    [
        "00002681",
        "0000 2681",
        "0000-2681",
        "00 00 26 81",
        "kode 00002681",
        "kodenya: 00002681 ya",
        "#00002681#",
        "*00002681*",
        "ok setuju 00002681",
        "\uff10\uff10\uff10\uff10\uff12\uff16\uff18\uff11",
    ],
)
def test_an_approval_code_in_the_ways_it_is_typed(hear: Hear, text: str) -> None:
    """Where the code is awaited, groups, words around it and wrapping do not matter."""
    heard = hear(text, "confirming")
    assert (heard.intent, heard.confidence) == ("give_code", 1.0)
    assert heard.values() == {"approval_code": "00002681"}


@given(st.integers(0, 99_999_999))
def test_eight_digits_are_never_a_date_where_the_code_is_awaited(hear: Hear, number: int) -> None:
    """An approval code that looks like a date is still the code."""
    heard = hear(f"{number:08d}", "confirming")
    assert (heard.intent, heard.values()) == ("give_code", {"approval_code": f"{number:08d}"})


@pytest.mark.parametrize("text", ["05-01-2027", "05 01 2027", "tanggal 5 januari"])
def test_a_date_where_the_code_is_awaited_is_a_correction(hear: Hear, text: str) -> None:
    """Typed as a date, a date changes the date."""
    heard = hear(text, "confirming")
    assert (heard.intent, heard.values()) == ("choose_date", {"service_date": "2027-01-05"})


@pytest.mark.parametrize(
    ("text", "state", "intent", "values"),
    [
        ("05012027", "choosing_date", "choose_date", {"service_date": "2027-01-05"}),
        ("17081990", "identifying", "inform", {"birth_date": "1990-08-17"}),
        ("00002681", "choosing_date", "give_code", {"approval_code": "00002681"}),
        ("00002681", "identifying", "give_code", {"approval_code": "00002681"}),
        ("00002681", "", "give_code", {"approval_code": "00002681"}),
        ("05012027", "", "give_code", {"approval_code": "05012027"}),
        ("kode 0000 2681", "welcome", "give_code", {"approval_code": "00002681"}),
    ],
)
def test_eight_digits_elsewhere(
    hear: Hear, text: str, state: str, intent: str, values: dict[str, str]
) -> None:
    """They are the date that is awaited, and a code otherwise."""
    heard = hear(text, state)
    assert (heard.intent, heard.values()) == (intent, values)


@pytest.mark.parametrize("text", ["2681", "000026811", "1234567", "12345678901234567"])
def test_other_numbers_of_digits_are_no_code(hear: Hear, text: str) -> None:
    """Only eight digits are an approval code."""
    assert "approval_code" not in hear(text, "confirming").values()


@pytest.mark.parametrize(
    "text",
    [
        "JKP-7F4Q2-M8XCK",
        "jkp7f4q2m8xck",
        "JKP 7F4Q2 M8XCK",
        "jkp-7f4q2-m8xck",
        "kode booking saya JKP-7F4Q2-M8XCK pak",
        "#JKP-7F4Q2-M8XCK",
        "JKP–7F4Q2–M8XCK",  # noqa: RUF001 - the dash telephones make of a hyphen
    ],
)
@pytest.mark.parametrize("state", ["", "choosing_date", "confirming"])
def test_a_booking_code_asks_for_its_status(hear: Hear, text: str, state: str) -> None:
    """Case and dashes do not matter; the code comes back as it was given out."""
    heard = hear(text, state)
    assert (heard.intent, heard.values()) == ("ask_status", {"booking_code": "JKP-7F4Q2-M8XCK"})


def test_misread_characters_of_a_booking_code_are_mended(hear: Hear) -> None:
    """O is 0, I and L are 1, but not in the prefix."""
    assert hear("DIO-OIL23-45678").values() == {"booking_code": "DIO-01123-45678"}


@pytest.mark.parametrize(
    "text", ["terimakasihya", "ibu-bapak-nenek", "kab bogor 16111", "JKP-1234U-12345"]
)
def test_words_of_the_same_shape_are_no_booking_code(hear: Hear, text: str) -> None:
    """Without a digit the check character decides; U is in no code."""
    assert "booking_code" not in hear(text).values()


def test_a_command_with_a_booking_code_is_the_command(hear: Hear) -> None:
    """``batalkan`` and a code cancels, it does not ask for the status."""
    heard = hear("tolong batalkan JKP-7F4Q2-M8XCK")
    assert (heard.intent, heard.values()) == ("cancel", {"booking_code": "JKP-7F4Q2-M8XCK"})


@pytest.mark.parametrize(
    "text", ["081234567890", "+62 812-3456-7890", "62 812 3456 7890", "no hp saya 0812.3456.7890"]
)
def test_a_mobile_number_becomes_e164(hear: Hear, text: str) -> None:
    """All Indonesian ways of writing a mobile number are one number."""
    assert hear(text).values() == {"phone": "6281234567890"}


@pytest.mark.parametrize("text", ["3171011708900001", "nik 3171 0117 0890 0001"])
def test_a_nik_has_sixteen_digits(hear: Hear, text: str) -> None:
    """In one piece or in the usual groups."""
    assert hear(text).values() == {"nik": "3171011708900001"}


def test_two_dates_are_no_nik(hear: Hear) -> None:
    """Twice eight digits are not sixteen."""
    assert "nik" not in hear("17081990 05012027", "collecting").values()


def test_numbers_beside_an_identity_come_along(hear: Hear) -> None:
    """A telephone number after the birth date is neither lost nor part of the date."""
    heard = hear("Rina 17-08-1990 081234567890", "identifying")
    assert heard.values() == {
        "person_name": "Rina", "birth_date": "1990-08-17", "phone": "6281234567890",
    }  # fmt: skip


LISTING = Expectation(
    "collecting",
    frozenset({"family", "approve", "give_code", "choose_date"}),
    missing=("person_name", "birth_date"),
)
CHOOSING = Expectation("choosing_date", frozenset({"choose_date", "give_code"}), options=5)
CONFIRMING = Expectation("confirming", frozenset({"choose_date", "give_code", "approve"}))


@pytest.mark.parametrize(
    ("state", "text", "intent"),
    [
        (CHOOSING, "24112026", "choose_date"),
        (CHOOSING, "31939071", "give_code"),
        (LISTING, "01021950", "inform"),
        (LISTING, "31939071", "give_code"),
        (CONFIRMING, "24112026", "give_code"),
        (CONFIRMING, "01021950", "give_code"),
    ],
)
def test_a_date_where_a_code_is_heard_too(state: Expectation, text: str, intent: str) -> None:
    """Asked for a date, eight digits that can be one are; asked to confirm, they are the code."""
    assert understand(Message("m", "text", text, NOW), state, NOW).intent == intent


@pytest.mark.parametrize("gap", [" ", "-", " - ", "- ", ""])
def test_a_code_in_any_gaps(hear: Hear, gap: str) -> None:
    """However its groups are parted, it is the booking's."""
    assert hear(gap.join(["JKP", "7F4Q2", "M8XCK"])).values() == {"booking_code": CODE}


def test_a_code_of_letters_alone(hear: Hear) -> None:
    """Without any digit and dash it counts in capitals and by itself, with its check character."""
    letters = "ABCDEFGHJKMNPQRSTVWXYZ"
    code = next(
        f"JKP QFXEX JQEV{last}"
        for last in letters
        if read_booking_code(f"JKP-QFXEX-JQEV{last}", {"JKP"})
    )
    assert hear(code).values() == {"booking_code": code.replace(" ", "-")}
    assert "booking_code" not in hear(code.lower()).values()
    assert "booking_code" not in hear(f"untuk {code} ya").values()


@pytest.mark.parametrize(
    "text",
    [
        "nol nol nol nol dua enam delapan satu",
        "kodenya kosong kosong kosong kosong dua enam delapan satu ya",
    ],
)
def test_a_code_in_words(hear: Hear, text: str) -> None:
    """An approval code as it is said, and no number of a list."""
    assert hear(text, "confirming").values() == {"approval_code": "00002681"}


def test_too_few_digits_in_words_are_no_code(hear: Hear) -> None:
    """A code has eight."""
    assert hear("nol nol dua enam", "confirming").intent != "give_code"
