from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.messages import compose
from bot.dialogue.reply import Button, Reply
from bot.graph_stub.limits import violations
from tests.support.webhooks import APPLICANT

PICTURE = "900000001"

words = st.text(min_size=1).filter(str.strip)
long_words = st.builds(
    lambda piece, times: (piece * times)[:12_000],
    st.text(min_size=1, max_size=40).filter(str.strip),
    st.integers(1, 2000),
).filter(str.strip)
payloads = st.text(min_size=1, max_size=200).filter(lambda text: text == text.strip())
buttons = st.builds(Button, words, payloads, st.text(max_size=100))
replies = st.builds(
    Reply,
    words | long_words,
    st.lists(buttons, max_size=12).map(tuple),
    st.text(max_size=30),
    st.sampled_from(["", "JKP-7F4Q2-M8XCK"]),
)


def rows(*titles: str) -> tuple[Button, ...]:
    """Buttons with these titles."""
    return tuple(Button(title, f"/pick{number}") for number, title in enumerate(titles))


def forms(payloads: list[dict[str, Any]]) -> list[str]:
    """What each message is."""
    return [p["interactive"]["type"] if p["type"] == "interactive" else p["type"] for p in payloads]


@given(replies, st.sampled_from([APPLICANT, "ID.1349120865"]))
def test_meta_takes_every_reply(reply: Reply, to: str) -> None:
    """Whatever a reply holds, each of its messages is within Meta's limits."""
    composed = compose(reply, to, PICTURE if reply.barcode else "")
    assert composed
    for payload in composed:
        assert violations(payload, {PICTURE}) == []


@given(replies)
def test_no_word_is_lost(reply: Reply) -> None:
    """All the words of a reply arrive, in order, however many messages it takes."""
    shown = "".join(
        payload.get("text", {}).get("body", "")
        + payload.get("interactive", {}).get("body", {}).get("text", "")
        + payload.get("image", {}).get("caption", "")
        for payload in compose(reply, APPLICANT, PICTURE if reply.barcode else "")
    )
    assert "".join(shown.split()).startswith("".join(reply.text.split()))


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
        (11, "Tanggal", "text"),
    ],
)
def test_form_by_number_of_choices(count: int, menu: str, form: str) -> None:
    """Few choices are buttons, more or a menu a list, too many a numbered text."""
    reply = Reply("Pilih", rows(*(f"Hari {n}" for n in range(count))), menu)
    assert forms(compose(reply, APPLICANT)) == [form]


def test_numbered_text() -> None:
    """Choices beyond a list can be read and answered by number."""
    body = compose(Reply("Pilih", rows(*"ABCDEFGHIJK")), APPLICANT)[0]["text"]["body"]
    assert body.startswith("Pilih\n\n1. A\n2. B\n")
    assert body.endswith("11. K")


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
    assert compose(Reply("Kode", barcode="X"), APPLICANT, PICTURE)[0]["image"] == {
        "id": PICTURE,
        "caption": "Kode",
    }
    long = compose(Reply("Kode " * 300, barcode="X"), APPLICANT, PICTURE)
    assert forms(long) == ["image", "text"]
    tappable = compose(Reply("Kode", rows("Batal"), barcode="X"), APPLICANT, PICTURE)
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
