from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.events import NOTHING_UNDERSTOOD, Understood
from bot.dialogue.reply import payload

Hear = Callable[..., Understood]

RIGHT: list[tuple[str, dict[str, object]]] = [
    ("ask_dates", {}),
    ("choose_date", {"service_date": "2026-11-24"}),
    ("give_code", {"approval_code": "00002681"}),
    ("choose_option", {"option_number": 3}),
    ("inform", {"person_name": "Rina Wulandari", "birth_date": "1990-08-17"}),
    ("ask_status", {"booking_code": "JKP-7F4Q2-M8XCK"}),
    ("change_language", {"language": "en"}),
    ("choose_office", {"office": "jakarta_pusat"}),
    ("inform", {"phone": "6281234567890", "nik": "3171011708900001"}),
    ("choose_doctor", {"doctor": "anggrek", "visits": 2, "fee": 1.5, "insured": True}),
]


@pytest.mark.parametrize("kind", ["tap", "text"])
@pytest.mark.parametrize(("intent", "entities"), RIGHT)
def test_a_payload_says_what_was_written_into_it(
    hear: Hear, intent: str, entities: Mapping[str, object], kind: str
) -> None:
    """What ``reply.payload`` writes is read back, tapped or sent as text."""
    heard = hear(payload(intent, entities), kind=kind)
    assert (heard.intent, heard.confidence, heard.values()) == (intent, 1.0, entities)


@pytest.mark.parametrize(
    "text",
    [
        "/",
        "/Choose",
        "/a b",
        "/" + "a" * 41,
        "/choose_date{",
        "/choose_date{}x",
        "/choose_date[1]",
        '/choose_date{"service_date": "31-02-2027"}',
        '/choose_date{"service_date": "2027-02-31"}',
        '/choose_date{"service_date": "20270105"}',
        '/choose_date{"service_date": null}',
        '/choose_date{"service_date": ["2027-01-05"]}',
        '/choose_option{"option_number": "3"}',
        '/choose_option{"option_number": true}',
        '/choose_option{"option_number": NaN}',
        '/choose_option{"option_number": -1}',
        '/give_code{"approval_code": "123"}',
        '/inform{"person_name": "1234"}',
        '/inform{"Shoe size": 42}',
        '/inform{"shoe_size": [42]}',
        '/inform{"shoe_size": {"eu": 42}}',
        '/inform{"shoe_size": null}',
        '/inform{"shoe_size": 1e400}',
        '/inform{"shoe_size": 9223372036854775808}',
        '/inform{"doctor": ""}',
        '/inform{"doctor": "a\\u0000b"}',
        '/inform{"doctor": "' + "a" * 201 + '"}',
        '/inform{"person_name": "' + "a" * 201 + '"}',
        '/ask_status{"booking_code": "JKP-7F4Q2-M8XCU"}',
        '/change_language{"language": "french"}',
        "/malformed_form",
        "/none",
        "/send_media",
        "/inform" + '{"a":' * 200 + "1" + "}" * 200,
        "/inform{" + " " * 5000 + "}",
    ],
)
@pytest.mark.parametrize("kind", ["tap", "text"])
def test_a_wrong_payload_is_not_understood(hear: Hear, text: str, kind: str) -> None:
    """Anybody can type a payload, so one wrong thing makes it nothing."""
    assert hear(text, kind=kind) == NOTHING_UNDERSTOOD


def test_a_tap_without_a_payload_is_not_understood(hear: Hear) -> None:
    """Buttons of ours always carry one."""
    assert hear("Setuju", kind="tap") == NOTHING_UNDERSTOOD


@given(st.text(max_size=80))
def test_any_payload_is_read_without_an_error(hear: Hear, text: str) -> None:
    """No payload raises."""
    hear("/inform" + text, kind="tap")
    hear("/inform{" + text + "}", kind="text")
