from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from unicodedata import category

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.messages import (
    NOTHING_UPLOADED,
    Uploaded,
    compose,
    compose_reaction,
    compose_template,
)
from bot.channels.whatsapp.text import clean, visible
from bot.dialogue.attachment import Card, Location, Reaction
from bot.dialogue.reply import Button, Pdf, Reply, Template
from bot.graph_stub.limits import violations
from tests.support.webhooks import APPLICANT

PICTURE = "900000001"
FORM = "900000002"
SHOWN = Uploaded(PICTURE)

words = st.text(st.characters(), max_size=60)
long_words = st.builds(
    lambda piece, times: (piece * times)[:9_000], st.text(max_size=40), st.integers(1, 900)
)
descriptions = words | st.builds(lambda piece: piece * 9, st.text(max_size=60))
payloads = st.text(min_size=1, max_size=120) | st.text(st.characters(), max_size=300)
buttons = st.builds(Button, words, payloads, descriptions)
replies = st.builds(
    Reply,
    words | long_words,
    st.lists(buttons, max_size=25).map(tuple),
    words,
    st.sampled_from(["", "JKP-7F4Q2-M8XCK"]),
)
sayable = st.builds(
    Reply,
    (words | long_words).filter(clean),
    st.lists(
        st.builds(
            Button,
            words.filter(clean),
            st.text(min_size=1, max_size=90).filter(lambda text: text == text.strip()),
            descriptions,
        ),
        max_size=25,
        unique_by=lambda button: button.payload,
    ).map(tuple),
    words,
    st.sampled_from(["", "JKP-7F4Q2-M8XCK"]),
)
"""Replies without a mistake."""


places = st.builds(
    Location, st.floats(-90, 90), st.floats(-180, 180), words | long_words, words | long_words
)
cards = st.builds(
    Card,
    words.filter(clean) | long_words.filter(clean),
    st.lists(st.from_regex(r"\+62 8[0-9]{2} [0-9]{4} [0-9]{3,4}", fullmatch=True), min_size=1).map(
        tuple
    ),
)
pdfs = st.builds(
    Pdf, st.text(st.characters(), min_size=1, max_size=400).filter(clean), st.just("e" * 64)
)


def said(payload: dict[str, Any]) -> Iterator[str]:
    """All that one message shows, from top to bottom."""
    match payload:
        case {"text": {"body": body}}:
            yield body
        case {"image": shown} | {"document": shown}:
            yield shown.get("caption", "")
        case {"interactive": {"body": {"text": body}, "action": action}}:
            yield body
            yield from (button["reply"]["title"] for button in action.get("buttons", ()))
            yield action.get("button", "")
            for section in action.get("sections", ()):
                for row in section["rows"]:
                    yield from (row["title"], row.get("description", ""))


def seen(texts: Iterable[str]) -> str:
    """Texts as one, of what can be seen in them alone."""
    return "".join(char for text in texts for char in text if visible(char))


def tappable(composed: Iterable[dict[str, Any]]) -> list[str]:
    """What taps on these messages send back."""
    actions = [each["interactive"]["action"] for each in composed if "interactive" in each]
    return [
        *(button["reply"]["id"] for action in actions for button in action.get("buttons", ())),
        *(
            row["id"]
            for action in actions
            for section in action.get("sections", ())
            for row in section["rows"]
        ),
    ]


def rows(*titles: str) -> tuple[Button, ...]:
    """Buttons with these titles."""
    return tuple(Button(title, f"/pick{number}") for number, title in enumerate(titles))


def forms(payloads: list[dict[str, Any]]) -> list[str]:
    """What each message is."""
    return [p["interactive"]["type"] if p["type"] == "interactive" else p["type"] for p in payloads]


@given(replies, st.sampled_from([APPLICANT, "ID.1349120865"]))
def test_meta_takes_every_reply(reply: Reply, to: str) -> None:
    """Whatever a reply holds, each of its messages is within Meta's limits, or it is refused for
    what cannot be mended.
    """
    try:
        composed = compose(reply, to, SHOWN if reply.barcode else NOTHING_UPLOADED)
    except ValueError as mistake:
        assert re.search("no words|no title|payload", str(mistake))  # noqa: PT017 - either is fine
        assert (
            not clean(reply.text)
            or any(not clean(button.title) for button in reply.buttons)
            or any(
                not 1 <= len(button.payload) <= 100
                or button.payload != button.payload.strip()
                or not button.payload.isprintable()
                for button in reply.buttons
            )
        )
        return
    assert composed
    for payload in composed:
        assert violations(payload, {PICTURE}) == []
        assert not any(category(char) == "Cc" and char != "\n" for t in said(payload) for char in t)
        orjson.dumps(payload)


@given(sayable)
def test_no_word_is_lost(reply: Reply) -> None:
    """Every word of a reply can be read, in order, however many messages it takes; and whatever it
    offers can be tapped.
    """
    composed = compose(reply, APPLICANT, SHOWN if reply.barcode else NOTHING_UPLOADED)
    shown = seen(text for payload in composed for text in said(payload))
    assert seen([clean(reply.text)]) in shown
    told = [reply.menu] if reply.buttons and reply.menu else []
    told += [part for button in reply.buttons for part in (button.title, button.description)]
    for part in told:
        for word in clean(part).split():
            assert seen([word]) in shown
    assert tappable(composed) == [button.payload for button in reply.buttons]


@given(st.integers(1, 70), st.sampled_from(["", "Buka"]), st.integers(1, 30))
def test_many_choices(count: int, menu: str, length: int) -> None:
    """However many there are, each can be tapped or answered by its number."""
    many = tuple(Button(f"{n}" + "x" * length, f"/pick{n}", "y" * 3 * length) for n in range(count))
    composed = compose(Reply("Pilih", many, menu), APPLICANT)
    assert all(violations(payload, set()) == [] for payload in composed)
    shown = "".join(text for payload in composed for text in said(payload))
    assert tappable(composed) == [b.payload for b in many] or all(
        f"{number}. {button.title}: {button.description}" in shown
        for number, button in enumerate(many, start=1)
    )


@given(
    sayable,
    st.none() | places,
    st.none() | cards,
    st.none() | pdfs,
    st.sampled_from(["", PICTURE]),
    st.sampled_from(["", FORM]),
)
def test_whatever_a_reply_brings(
    reply: Reply,
    place: Location | None,
    card: Card | None,
    pdf: Pdf | None,
    picture: str,
    form: str,
) -> None:
    """Maps, cards and files are within Meta's limits too, whatever of them could be uploaded; the
    words come last.
    """
    reply = replace(reply, location=place, contact=card, document=pdf)
    composed = compose(reply, APPLICANT, Uploaded(picture, form))
    for payload in composed:
        assert violations(payload, {PICTURE, FORM}) == []
        orjson.dumps(payload)
    shown = seen(text for payload in composed for text in said(payload))
    assert seen([clean(reply.text)]) in shown
    kinds = [each["type"] for each in composed]
    assert (kinds.count("location"), kinds.count("contacts")) == (
        place is not None,
        card is not None,
    )
    assert kinds.count("document") == bool(pdf and form)
    assert kinds[-1] in {"text", "interactive", "image", "document"}


@given(
    st.lists(words | long_words, max_size=6).map(tuple),
    st.lists(st.builds(Button, words, payloads), max_size=14).map(tuple),
    st.sampled_from(["id", "pt-BR"]),
)
def test_templates(parameters: tuple[str, ...], buttons: tuple[Button, ...], language: str) -> None:
    """A template is within Meta's limits, or refused for what nobody can mend."""
    template = Template("hello", language, parameters)
    try:
        payload = compose_template(Reply("t", buttons), template, APPLICANT)
    except ValueError:
        assert (
            not all(map(clean, parameters))
            or len(buttons) > 10
            or any(
                not 1 <= len(button.payload) <= 64
                or button.payload != button.payload.strip()
                or not button.payload.isprintable()
                for button in buttons
            )
        )
        return
    assert violations(payload, ()) == []
    orjson.dumps(payload)


def test_document() -> None:
    """A file keeps its name, and carries the words; beside a picture they come after both."""
    reply = Reply("Isi formulir ini", document=Pdf("form.pdf", "e" * 64))
    (message,) = compose(reply, APPLICANT, Uploaded(document=FORM))
    assert message["document"] == {
        "id": FORM,
        "filename": "form.pdf",
        "caption": "Isi formulir ini",
    }
    assert forms(compose(reply, APPLICANT, Uploaded(PICTURE, FORM))) == [
        "image",
        "document",
        "text",
    ]
    assert forms(compose(reply, APPLICANT)) == ["text"]
    tappable_too = replace(reply, buttons=rows("Sudah"))
    assert forms(compose(tappable_too, APPLICANT, Uploaded(document=FORM))) == [
        "document",
        "button",
    ]
    long = Reply("Isi", document=Pdf("x" * 300 + ".pdf", "e" * 64))
    (message,) = compose(long, APPLICANT, Uploaded(document=FORM))
    assert message["document"]["filename"] == "x" * 235 + "….pdf"


def test_location() -> None:
    """A place goes ahead of the words, with whatever is known of it."""
    office = Location(-6.2, 106.8, "Kantor Contoh", "Jalan Contoh No. 1")
    place, words = compose(Reply("Di sini", location=office), APPLICANT)
    assert place["location"] == {
        "latitude": -6.2,
        "longitude": 106.8,
        "name": "Kantor Contoh",
        "address": "Jalan Contoh No. 1",
    }
    assert words["text"]["body"] == "Di sini"
    bare = compose(Reply("Di sini", location=Location(0, 0)), APPLICANT)[0]
    assert bare["location"] == {"latitude": 0, "longitude": 0}
    address = compose(Reply("Di sini", location=Location(0, 0, "", "Jalan")), APPLICANT)[0]
    assert address["location"]["name"] == "Jalan"


def test_contact() -> None:
    """A card has its name twice, as Meta wants it, and its numbers ready to be written to."""
    card = Card("Kantor Contoh", ("+62 812 0000 0001", "+62 812 0000 0002"))
    message = compose(Reply("Tulislah ke sana", contact=card), APPLICANT)[0]
    (contact,) = message["contacts"]
    assert contact["name"] == {"formatted_name": "Kantor Contoh", "first_name": "Kantor Contoh"}
    assert contact["phones"][1] == {
        "phone": "+62 812 0000 0002",
        "type": "WORK",
        "wa_id": "6281200000002",
    }
    with pytest.raises(ValueError, match="needs a name and a number"):
        compose(Reply("Tulislah ke sana", contact=Card("Kantor Contoh")), APPLICANT)


def test_reaction() -> None:
    """An emoji goes to the message it is put on."""
    message = compose_reaction(Reaction("wamid.7", "✅"), "ID.1349120865")
    assert message["reaction"] == {"message_id": "wamid.7", "emoji": "✅"}
    assert violations(message, ()) == []


def test_plain_text() -> None:
    """The simplest reply, field by field."""
    assert compose(Reply("Pagi"), APPLICANT) == [
        {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": APPLICANT,
            "type": "text",
            "text": {"body": "Pagi", "preview_url": False},
        }
    ]


def test_business_scoped_recipient() -> None:
    """Who hides the phone number is written to by id."""
    payload = compose(Reply("Pagi"), "ID.1349120865")[0]
    assert payload["recipient"] == "ID.1349120865"
    assert "to" not in payload


@pytest.mark.parametrize(
    ("count", "menu", "form"),
    [
        (1, "", "button"),
        (3, "", "button"),
        (3, "Tanggal", "list"),
        (4, "", "list"),
        (10, "Tanggal", "list"),
        (51, "Tanggal", "text"),
    ],
)
def test_form_by_number_of_choices(count: int, menu: str, form: str) -> None:
    """Few choices are buttons, more or a menu a list, very many a numbered text."""
    reply = Reply("Pilih", rows(*(f"Hari {n}" for n in range(count))), menu)
    assert forms(compose(reply, APPLICANT)) == [form]


def test_numbered_text() -> None:
    """Choices beyond a few lists can be read and answered by number."""
    reply = Reply("Pilih", rows(*(f"Hari {n}" for n in range(1, 52))))
    body = compose(reply, APPLICANT)[0]["text"]["body"]
    assert body.startswith("Pilih\n\n1. Hari 1\n2. Hari 2\n")
    assert body.endswith("51. Hari 51")


def test_pages() -> None:
    """More than a list holds are several, the words above the first, each saying which it has."""
    reply = Reply("Kantor mana?", rows(*(f"Kantor {n}" for n in range(1, 24))), "Pilih kantor")
    composed = compose(reply, APPLICANT)
    assert forms(composed) == ["list"] * 3
    bodies = [each["interactive"]["body"]["text"] for each in composed]
    assert bodies == ["Kantor mana?\n\n1\u201310", "11\u201320", "21\u201323"]
    actions = [each["interactive"]["action"] for each in composed]
    assert [len(action["sections"][0]["rows"]) for action in actions] == [10, 10, 3]
    assert {action["button"] for action in actions} == {"Pilih kantor"}


def test_what_is_cut_is_written_above() -> None:
    """A title or description too long for its place stands above in full; the others do not."""
    reply = Reply(
        "Kantor mana?",
        (
            Button("Jakarta Pusat", "/a", "Kemayoran"),
            Button("Kantor Imigrasi Jakarta Timur", "/b", "Cipinang"),
            Button("Bogor", "/c", "Jalan " + "panjang " * 9 + "sekali"),
        ),
        "Pilih kantor imigrasinya",
    )
    (message,) = compose(reply, APPLICANT)
    assert message["interactive"]["body"]["text"].splitlines() == [
        "Kantor mana?",
        "",
        "Pilih kantor imigrasinya",
        "• Kantor Imigrasi Jakarta Timur",
        f"• Bogor: Jalan {'panjang ' * 9}sekali",
    ]


def test_a_button_has_no_second_line() -> None:
    """What a list row would show below its title stands above a button."""
    (message,) = compose(Reply("Benar?", (Button("Ya", "/yes", "saya setuju"),)), APPLICANT)
    assert message["interactive"]["body"]["text"] == "Benar?\n\n• Ya: saya setuju"


def test_much_to_write_above() -> None:
    """What does not fit above goes ahead of the list it belongs to, below the words."""
    many = tuple(Button(f"Kantor {n}", f"/pick{n}", f"{n} " + "kata " * 40) for n in range(12))
    composed = compose(Reply("Jam buka.\n\nKantor mana?", many), APPLICANT)
    assert forms(composed) == ["text", "list", "list"]
    assert composed[0]["text"]["body"].startswith("• Kantor 0: 0 kata kata")
    assert composed[1]["interactive"]["body"]["text"] == "Jam buka.\n\nKantor mana?\n\n1\u201310"
    assert composed[2]["interactive"]["body"]["text"].endswith("\n\n11\u201312")


def test_nothing_that_no_message_carries() -> None:
    """Control characters and halves of characters do not get as far as Meta."""
    reply = Reply("Pagi\x00,\r\nPak\ud83d", (Button("Ya\t\x1b[1m", "/yes"),))
    (message,) = compose(reply, APPLICANT)
    assert message["interactive"]["body"]["text"] == "Pagi,\nPak\ufffd"
    assert tappable([message]) == ["/yes"]
    assert message["interactive"]["action"]["buttons"][0]["reply"]["title"] == "Ya [1m"


def test_list_row() -> None:
    """A row carries payload, title and description; the menu opens the list."""
    reply = Reply("Pilih", (Button("Selasa", "/pick", "12 kursi"),), "Lihat tanggal")
    action = compose(reply, APPLICANT)[0]["interactive"]["action"]
    assert action == {
        "button": "Lihat tanggal",
        "sections": [{"rows": [{"id": "/pick", "title": "Selasa", "description": "12 kursi"}]}],
    }


def test_titles_alike_after_the_cut() -> None:
    """Titles that only differ beyond the limit are told apart."""
    reply = Reply("Pilih", rows("Kantor Imigrasi Jakarta Timur", "Kantor Imigrasi Jakarta Utara"))
    action = compose(reply, APPLICANT)[0]["interactive"]["action"]
    titles = [button["reply"]["title"] for button in action["buttons"]]
    assert titles == ["Kantor Imigrasi Jak…", "Kantor Imigrasi J… 2"]


def test_which_of_those_alike() -> None:
    """What is written above says which of them it is."""
    reply = Reply("Pilih", rows("Kantor Imigrasi Jakarta Timur", "Kantor Imigrasi Jakarta Utara"))
    body = compose(reply, APPLICANT)[0]["interactive"]["body"]["text"]
    assert body.splitlines()[2:] == [
        "• Kantor Imigrasi Jakarta Timur",
        "• Kantor Imigrasi J… 2 = Kantor Imigrasi Jakarta Utara",
    ]


def test_same_payload_twice() -> None:
    """Two buttons that do the same become one, as Meta takes each id once."""
    reply = Reply("Pilih", (Button("Ya", "/yes"), Button("Oke", "/yes")))
    action = compose(reply, APPLICANT)[0]["interactive"]["action"]
    assert [button["reply"]["title"] for button in action["buttons"]] == ["Ya"]


def test_long_words_go_ahead_of_the_buttons() -> None:
    """The last paragraph stays above the buttons, the rest goes first."""
    reply = Reply("Syarat. " * 200 + "\n\nMana yang Anda pilih?", rows("Ya"))
    first, last = compose(reply, APPLICANT)
    assert first["type"] == "text"
    assert last["interactive"]["body"]["text"] == "Mana yang Anda pilih?"


def test_one_endless_paragraph() -> None:
    """Without a break to use, the end of the text stays with the buttons."""
    first, last = compose(Reply("kata " * 300, rows("Ya")), APPLICANT)
    prompt = last["interactive"]["body"]["text"]
    assert first["text"]["body"] + " " + prompt == ("kata " * 300).strip()


def test_picture() -> None:
    """A barcode carries the words; too many, or buttons, come after it."""
    assert compose(Reply("Kode", barcode="X"), APPLICANT, SHOWN)[0]["image"] == {
        "id": PICTURE,
        "caption": "Kode",
    }
    long = compose(Reply("Kode " * 300, barcode="X"), APPLICANT, SHOWN)
    assert forms(long) == ["image", "text"]
    tappable = compose(Reply("Kode", rows("Batal"), barcode="X"), APPLICANT, SHOWN)
    assert forms(tappable) == ["image", "button"]
    assert tappable[0]["image"] == {"id": PICTURE}


@pytest.mark.parametrize(
    "reply",
    [
        Reply(""),
        Reply(" \n"),
        Reply("Pilih", (Button("Ya", "/" + "x" * 256),)),
        Reply("Pilih", (Button("Ya", "/" + "x" * 200),), "Buka"),
        Reply("Pilih", (Button("Ya", ""),)),
        Reply("Pilih", (Button("Ya", "/yes "),)),
        Reply("Pilih", (Button(" ", "/yes"),)),
        Reply("\u200b\x00"),
        Reply("Pilih", (Button("\u200b", "/yes"),)),
        Reply("Pilih", (Button("Ya", "/" + "👍" * 128),)),
        Reply("Pilih", (Button("Ya", "/yes\ud83d"),)),
    ],
)
def test_mistakes_in_a_flow(reply: Reply) -> None:
    """What cannot be shown says so instead of being cut to something else."""
    with pytest.raises(ValueError, match=r"WhatsApp|title"):
        compose(reply, APPLICANT)


def test_errors_hold_no_values() -> None:
    """An error names the button by its intent, never by what it carries."""
    name = "RINA WULANDARI " * 20
    with pytest.raises(ValueError, match="WhatsApp takes") as caught:
        compose(Reply("Pilih", (Button("Rina", f'/confirm{{"name":"{name}"}}'),)), APPLICANT)
    assert "RINA" not in str(caught.value).upper()


def test_a_code_comes_as_an_authentication_template() -> None:
    """Its body has the code, and its one button copies it."""
    template = Template("antre_code", "id", ("123456",), copies="123456")
    payload = compose_template(Reply("Kode: 123456"), template, APPLICANT)
    assert violations(payload, ()) == []
    code = [{"type": "text", "text": "123456"}]
    assert payload["template"]["components"] == [
        {"type": "body", "parameters": code},
        {"type": "button", "sub_type": "url", "index": "0", "parameters": code},
    ]
    button = payload["template"]["components"][1]
    for wrong in ({**button, "index": "1"}, {**button, "parameters": code * 2}):
        components = [payload["template"]["components"][0], wrong]
        assert violations(
            {**payload, "template": {**payload["template"], "components": components}}, ()
        )
