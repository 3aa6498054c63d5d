"""Replies at their longest, and what a channel says of them."""

from pathlib import Path
from typing import Any

import pytest

from bot.channels.whatsapp.judging import faults
from bot.channels.whatsapp.limits import BODY, TEXT
from bot.channels.whatsapp.messages import compose
from bot.dialogue.flowset import load_flows
from bot.dialogue.measuring import Stage
from bot.dialogue.pictures import Gallery
from bot.dialogue.reply import Button, Pdf, Picture, Reply
from bot.errors import Finding, FlowError
from tests.dialogue.test_unfilled import HELPING, KEYS, SHOP
from tests.support.talk import an_action, write_flows

BOTH_WAYS = "{% if hour < 9 %}Ya{% else %}Ya, saya setuju sekali{% endif %}"
VENUE: dict[str, Any] = {"office": {"name": "Kantor Imigrasi Kelas I Jakarta Pusat"}}


def told(folder: Path, hello: str, *, language: str = "id", **example: Any) -> list[Finding]:
    """What is said of the shop's reply ``hello``, in lines 2 and after."""
    bake = an_action("bake", "done burnt", " ".join(example) or "loaves")
    object.__setattr__(bake, "example", example)
    write_flows(folder, shop=SHOP, helping=HELPING, languages=[language])
    lines = "".join(f"{key}: {key}\n" for key in KEYS if key != "hello")
    path = folder / "replies" / f"{language}.yml"
    path.write_text(f"apology: a\n{hello}\n{lines}")
    stage = Stage(VENUE, (faults,))
    sign = {"sign.png": Picture("sign.png", "e" * 64)}
    form = {"form.pdf": Pdf("form.pdf", "f" * 64)}
    gallery = Gallery(sign if "sign.png" in hello else {}, form if "form.pdf" in hello else {})
    try:
        return list(
            load_flows(folder, [language], {"bake": bake}, stage=stage, gallery=gallery).warnings
        )
    except FlowError as error:
        return list(error.findings)


@pytest.mark.parametrize(
    ("hello", "place", "message"),
    [
        (
            "hello:\n  text: x\n  buttons:\n    - {title: A title of 21 letters, tap: a}",
            (5, 8),
            "'A title of 21 letters' has 21 characters; WhatsApp shows 20: 'A title of 21 lette…'",
        ),
        (
            "hello:\n  text: x\n  buttons:\n    - {title: '{{ office.name }}', tap: a}",
            (5, 8),
            "'Kantor Imigrasi Kelas I Jakarta Pusat' has 37 characters; WhatsApp shows 20",
        ),
        (
            f"hello:\n  text: x\n  buttons:\n    - {{title: '{BOTH_WAYS}', tap: a}}",
            (5, 8),
            "'Ya, saya setuju sekali' has 22 characters; WhatsApp shows 20",
        ),
        (
            "hello:\n  text: x\n  buttons:\n    - {title: A, tap: a}\n    - {title: A, tap: b}",
            (6, 8),
            "another one reads 'A' as well; on WhatsApp this one gets a number",
        ),
        (
            "hello:\n  text: x\n  buttons:\n    - {title: A, tap: a}\n    - {title: B, tap: a}",
            (6, 7),
            "'B' sends what another one sends, so WhatsApp shows only the first",
        ),
        (
            "hello:\n  text: x\n  buttons:\n"
            + "\n".join(f"    - {{title: {each}, tap: {each}}}" for each in "abcd"),
            (4, 3),
            "4 buttons; WhatsApp shows 3 at most, so they become a list that 'Pilih' opens",
        ),
        (
            f"hello: {'x ' * 2100}",
            (2, 1),
            "up to 4199 characters; WhatsApp takes 4096, so it is sent in 2 messages",
        ),
        (
            f"hello: ['x', '{{% if hour < 9 %}}y{{% else %}}{'x ' * 2100}{{% endif %}}']",
            (2, 14),
            "up to 4199 characters",
        ),
        (
            f"hello:\n  text: {'x ' * 600}\n  buttons: [{{title: a, tap: a}}]",
            (3, 3),
            "up to 1199 characters; above buttons WhatsApp takes 1024, so all but the last",
        ),
        (
            f"hello:\n  text: {'x ' * 600}\n  barcode: A",
            (3, 3),
            "up to 1199 characters; under a picture WhatsApp takes 1024",
        ),
        (
            f"hello:\n  text: {'x ' * 600}\n  document: form.pdf",
            (3, 3),
            "up to 1199 characters; under a document WhatsApp takes 1024",
        ),
        (
            f"hello:\n  text: {'x ' * 600}\n  picture: sign.png",
            (3, 3),
            "up to 1199 characters; under a picture WhatsApp takes 1024",
        ),
    ],
)
def test_what_is_mended(tmp_path: Path, hello: str, place: tuple[int, int], message: str) -> None:
    """What WhatsApp shows in another way is a warning, at its line and with what will be seen."""
    (found,) = told(tmp_path, hello)
    assert found.warning
    assert (found.place.line, found.place.column) == place
    assert found.message.startswith(f"'hello': {message}")


TAP = "tap: day, with: {day: '{{ item }}'}"
ROWS = """hello:
  text: x
  menu: {{title: {title}, each: days, row: {{title: '{row}', {tap}, description: ''}}}}"""


def test_menu(tmp_path: Path) -> None:
    """Rows are made of what actions give at most, days as long as the language has them."""
    days = ["2026-01-01"] * 10
    fine = ROWS.format(title="Pilih hari", row='{{ item | date("EEE, d MMM y") }}', tap=TAP)
    assert told(tmp_path, fine, days=days) == []
    (found,) = told(tmp_path, fine.replace("EEE, d MMM", "EEEE, d MMMM"), days=days)
    assert "'Minggu, 20 September 2026' has 25 characters; WhatsApp shows 24" in found.message
    (found,) = told(tmp_path, fine, days=[*days, "2026-01-01"])
    assert "11 choices; a list on WhatsApp has 10 at most, so they are sent as 2" in found.message
    (found,) = told(tmp_path, fine, days=["2026-01-01"] * 51)
    assert "51 choices; 5 lists of 10 are the most" in found.message
    (found,) = told(tmp_path, fine.replace("Pilih hari", "Pilih hari kedatangan"), days=days)
    assert "'Pilih hari kedatangan' has 21 characters; WhatsApp shows 20" in found.message
    long = fine.replace("description: ''", f"description: {'y' * 73}")
    (found,) = told(tmp_path, long, days=days)
    assert "has 73 characters; WhatsApp shows 72" in found.message


def test_what_cannot_be_mended(tmp_path: Path) -> None:
    """A reply that no message can carry is a mistake."""
    hello = "hello: {text: x, buttons: [{title: a, tap: a, with: {x: '{{ office.name * 8 }}'}}]}"
    (found,) = told(tmp_path, hello)
    assert not found.warning
    assert "what a tap sends back has up to 306 characters; WhatsApp takes 256" in found.message
    (found,) = told(tmp_path, "hello: {text: x, buttons: [{title: ' ', tap: a}]}")
    assert not found.warning
    assert "a button needs a title" in found.message


def test_template(tmp_path: Path) -> None:
    """A template takes a shorter answer from a button than the reply itself, and fewer words."""
    hello = (
        "hello:\n  text: x\n  buttons: [{title: a, tap: a, with: {x: '{{ office.name * 4 }}'}}]\n"
        "  template: {name: hello, with: ['{{ office.name * 30 }}']}"
    )
    too_long, cut = told(tmp_path, hello)
    assert (too_long.warning, too_long.place.line, cut.warning) == (False, 4, True)
    assert "up to 158 characters; a template takes 128: send fewer entities" in too_long.message
    assert "up to 1110 characters; what fills a template is cut at 1024" in cut.message
    hello = "hello: {text: x, buttons: [{title: a, tap: a}], template: {name: hello}}"
    assert told(tmp_path, hello) == []


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("location: {latitude: '{{ office.name }}', longitude: 0}", "no degrees from -90 to 90"),
        (
            "contact: {name: a, numbers: ['0812 0000 0001']}",
            "'0812 0000 0001' is no number to dial",
        ),
        ("contact: {name: a, numbers: '{{ office.name }}'}", "write it with its country"),
    ],
)
def test_no_place_and_no_number(tmp_path: Path, part: str, message: str) -> None:
    """What may come out as no degrees or no number is told at its line."""
    (found,) = told(tmp_path, f"hello:\n  text: x\n  {part}")
    assert (found.warning, found.place.line) == (True, 4)
    assert message in found.message


def test_places_and_numbers(tmp_path: Path) -> None:
    """What is right, or may come out empty, is not told."""
    place = "location: {latitude: -6.2, longitude: \"{{ '' if hour < 9 else 106.8 }}\"}"
    card = "contact: {name: a, numbers: '+62 812 0000 0001, +62 812 0000 0002'}"
    assert told(tmp_path, f"hello:\n  text: x\n  {place}\n  {card}\n  reaction: ✅") == []


def test_nothing_to_see(tmp_path: Path) -> None:
    """Words that nobody can see are none."""
    (found,) = told(tmp_path, 'hello: {text: "\\u200b"}')
    assert (found.warning, "nothing in this text can be seen" in found.message) == (False, True)


def test_parts(tmp_path: Path) -> None:
    """A part that a value does not have, by its example, is a mistake with the nearest name."""
    card = {"code": "K-1", "number": 1}
    hello = (
        "hello: '{% if booking %}{{ booking.cod }}{{ booking.code }}{% endif %}{{ office.nam }}'"
    )
    found = [each.message for each in told(tmp_path, hello, booking=card)]
    assert found == [
        "'hello': 'booking' has no 'cod'; did you mean 'code'?",
        "'hello': 'office' has no 'nam'; did you mean 'name'?",
    ]


@pytest.mark.parametrize(
    "reply",
    [
        Reply("x", tuple(Button(f"A long title number {n}", f"/a{n}") for n in range(12))),
        Reply("x" * BODY + "\n\ny", (Button("A", "/a"), Button("A", "/b"), Button("A", "/a"))),
        Reply("x " * TEXT),
        Reply("x", tuple(Button("t" * 30, f"/a{n}", "d" * 80) for n in range(5)), "m" * 30),
    ],
)
def test_the_connector_mends(reply: Reply) -> None:
    """What is told as mended is indeed composed within the limits."""
    assert all(fault.mended for fault in faults(reply))
    assert list(faults(reply))
    assert compose(reply, "6281200000001")


@pytest.mark.parametrize(
    "reply", [Reply("x", (Button("", "/a"),)), Reply("x", (Button("a", "/" + "a" * 256),))]
)
def test_the_connector_refuses(reply: Reply) -> None:
    """What is told as not mended is refused by it as well."""
    assert [fault for fault in faults(reply) if not fault.mended]
    with pytest.raises(ValueError, match=r"WhatsApp takes|no title"):
        compose(reply, "6281200000001")
