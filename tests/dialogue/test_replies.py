"""Sentences: templates in a sandbox, taps, menus and pictures."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError
from structlog.testing import capture_logs

from bot.dialogue.attachment import Card, Location, Reaction
from bot.dialogue.pictures import Gallery
from bot.dialogue.replies import Replies
from bot.dialogue.reply import Button, Pdf, Picture, Reply
from bot.dialogue.reply import Template as Registered
from bot.document import Document
from tests.support.values import SAYABLE, SURROUNDINGS, UNSAID

FLOWS = Path(__file__).parents[2] / "flows"


def said(text: str, language: str = "id", /, **variables: Any) -> Reply:
    """The reply ``x`` of a file."""
    return Replies(language, Document.parse(text, "r.yml")).render("x", variables)


class TestText:
    def test_plain(self) -> None:
        """A text alone is a whole reply, without its outer blank."""
        assert said("x: |\n  Halo\n\n") == Reply("Halo")

    def test_variables(self) -> None:
        """Braces put values in."""
        assert said("x: 'Halo {{ name }}!'", name="Ani").text == "Halo Ani!"

    def test_blank_lines(self) -> None:
        """Parts that are left out leave no hole behind."""
        assert (
            said("x: |\n  a\n\n  {% if b %}\n  b\n  {% endif %}\n\n  c", b=False).text == "a\n\nc"
        )

    def test_empty(self) -> None:
        """No channel can send nothing."""
        with pytest.raises(ValueError, match="reply 'x' came out empty"):
            said("x: '{{ name }}'", name="  ")

    def test_not_there(self) -> None:
        """A name nobody filled is an error, never a hole in a sentence."""
        with pytest.raises(UndefinedError):
            said("x: '{{ name }}'")

    def test_what_applicants_type(self) -> None:
        """It is a value and never a template, markup or not."""
        typed = "{{ office.secret }}{% raw %} <b>*x* &amp; {#"
        assert said("x: '{{ name }}'", name=typed).text == typed

    @pytest.mark.parametrize(
        "template",
        [
            "{{ name.__class__ }}",
            "{{ name.__class__.__mro__ }}",
            "{{ say.__self__ }}",
            "{{ ''.join.__func__ }}",
            "{{ cycler.__init__.__globals__ }}",
            "{{ name.format.__globals__ }}",
            "{{ names.append(1) }}",
            "{{ '{0.__class__}'.format(name) }}",
        ],
    )
    def test_sandbox(self, template: str) -> None:
        """A template reaches values only, and changes none."""
        with pytest.raises((SecurityError, UndefinedError)):
            said(f'x: "{template}"', name="Ani", names=["Ani"])

    def test_say(self) -> None:
        """A reply may say another, with variables of its own, in the same language."""
        text = "x: '- {{ say(\"y\", what=name) }}'\ny: '{{ what }}!'"
        assert said(text, name="Ani").text == "- Ani!"

    def test_say_what_is_not_there(self) -> None:
        """A name made up on the way is an error that names it."""
        with pytest.raises(UndefinedError, match=r"no reply 'y_z' in r\.yml"):
            said("x: '{{ say(\"y_\" ~ z) }}'", z="z")


class TestDates:
    DAY = "2026-11-27"

    @pytest.mark.parametrize(
        ("language", "template", "text"),
        [
            ("id", "{{ day | date }}", "Jumat, 27 November 2026"),
            ("en", "{{ day | date }}", "Friday, 27 November 2026"),
            ("id", '{{ day | date("EEE, d MMM y") }}', "Jum, 27 Nov 2026"),
            ("id", "{{ day | dmy }}", "27-11-2026"),
            ("en", "{{ day | form_date }}", "27112026"),
        ],
    )
    def test_in_words(self, language: str, template: str, text: str) -> None:
        """A date is written as its language does."""
        assert said(f"x: '{template}'", language, day=self.DAY).text == text

    @pytest.mark.parametrize(
        "day",
        [DAY, f"{DAY}T09:00:00+07:00", date(2026, 11, 27), datetime(2026, 11, 27, tzinfo=UTC)],
    )
    def test_of_any_kind(self, day: object) -> None:
        """ISO text, dates and moments are all days."""
        assert said("x: '{{ day | dmy }}'", day=day).text == "27-11-2026"


class TestTaps:
    def test_buttons(self) -> None:
        """A button sends an intent with its entities."""
        text = """
        x:
          text: t
          buttons:
            - {title: 'Ya, {{ name }}', tap: approve}
            - {title: Kode, tap: give_code, with: {approval_code: '{{ code }}'}, description: d}
        """
        reply = said(text, name="Ani", code="00002681")
        assert reply.buttons == (
            Button("Ya, Ani", "/approve"),
            Button("Kode", '/give_code{"approval_code":"00002681"}', "d"),
        )
        assert reply.menu == ""

    def test_a_button_without_a_title_is_not_shown(self) -> None:
        """A condition in the title leaves a button out, and nothing of it can be tapped."""
        text = """
        x:
          text: t
          buttons:
            - {title: '{% if done %}Sudah{% endif %}', tap: approve}
            - {title: Batal, tap: cancel}
        """
        assert [button.title for button in said(text, done=False).buttons] == ["Batal"]
        assert [button.title for button in said(text, done=True).buttons] == ["Sudah", "Batal"]

    def test_buttons_as_a_menu(self) -> None:
        """A menu without a list names what opens the buttons."""
        text = """
        x:
          text: t
          menu: {title: Pilih}
          buttons: [{title: Batal, tap: cancel}]
        """
        reply = said(text)
        assert (reply.menu, [button.title for button in reply.buttons]) == ("Pilih", ["Batal"])

    MENU = """
    x:
      text: t
      menu:
        title: Pilih
        each: sizes
        row:
          title: '{{ item }}'
          tap: choose
          with: {size: '{{ item }}'}
          description: No {{ number }}
    """

    def test_menu(self) -> None:
        """A menu has a row for each item of a slot's list."""
        reply = said(self.MENU, sizes=["kecil", 'be"sar'])
        assert reply.menu == "Pilih"
        assert reply.buttons == (
            Button("kecil", '/choose{"size":"kecil"}', "No 1"),
            Button('be"sar', '/choose{"size":"be\\"sar"}', "No 2"),
        )

    def test_menu_again(self) -> None:
        """Rows that are kept are those of the items; what speaks of more is filled in anew."""
        told = self.MENU.replace("No {{ number }}", "No {{ number }} {{ colour }}")
        for menu, ends in (self.MENU, ("", "")), (told, (" merah", " biru")):
            replies = Replies("id", Document.parse(menu, "r.yml"))
            for sizes in ["S", "M"], ["M", "S"]:
                for colour, end in zip(("merah", "biru"), ends, strict=True):
                    shown = replies.render("x", {"sizes": sizes, "colour": colour}).buttons
                    assert [button.title for button in shown] == sizes
                    assert [button.description for button in shown] == [f"No 1{end}", f"No 2{end}"]

    @pytest.mark.parametrize("sizes", [[], None])
    def test_menu_of_nothing(self, sizes: list[str] | None) -> None:
        """Without items there is no menu to open."""
        assert said(self.MENU, sizes=sizes) == Reply("t")

    def test_picture(self) -> None:
        """A picture is known by its name and its content, in the stores too."""
        sign = Picture("sign.png", "e" * 64)
        document = Document.parse("x: {text: t, picture: sign.png}", "r.yml")
        reply = Replies("id", document, gallery=Gallery({"sign.png": sign})).render("x", {})
        assert reply.picture == sign
        assert Reply.from_document(reply.as_document()) == reply
        assert said("x: t").picture is None

    def test_document(self) -> None:
        """A document is known by its name and its content as well."""
        form = Pdf("form.pdf", "e" * 64)
        document = Document.parse("x: {text: t, document: form.pdf}", "r.yml")
        gallery = Gallery(documents={"form.pdf": form})
        reply = Replies("id", document, gallery=gallery).render("x", {})
        assert reply.document == form
        assert Reply.from_document(reply.as_document()) == reply

    def test_barcode(self) -> None:
        """A barcode is the code in it; an empty one is no picture."""
        assert said("x: {text: t, barcode: '{{ code }}'}", code="KCN-1").barcode == "KCN-1"
        assert said("x: {text: t, barcode: '{{ code }}'}", code="").barcode == ""


def test_round_trip() -> None:
    """A reply comes back from a store as it was."""
    reply = Reply("t", (Button("a", "/b", "c"),), menu="m", barcode="K")
    assert Reply.from_document(reply.as_document()) == reply
    assert Reply("t").as_document() == {"text": "t"}


@pytest.mark.parametrize("language", ["id", "en"])
class TestShipped:
    @pytest.fixture
    def replies(self, language: str) -> Replies:
        """The shipped replies of a language."""
        return Replies(language, Document.read(FLOWS / "replies" / f"{language}.yml"))

    @pytest.mark.parametrize("cancel", ["never", "until_day_before"])
    def test_everything_can_be_said(self, replies: Replies, cancel: str) -> None:
        """Every reply comes out, with all that is known where the flows say it."""
        office = {**SURROUNDINGS["office"], "cancel": cancel}
        for key in replies:
            if not key.startswith(("problem_", "part_")):
                for said in replies.each(key, {**SAYABLE, **SURROUNDINGS, "office": office}):
                    reply = replies.render(key, said)
                    assert reply.text
                    assert all(button.title for button in reply.buttons)
                    assert "None" not in reply.text

    @pytest.mark.parametrize("key", UNSAID)
    def test_with_nothing_known(self, replies: Replies, key: str) -> None:
        """What may be said at any moment needs no slot."""
        nothing: Mapping[str, Any] = dict.fromkeys(SAYABLE)
        said = {"heard": {}, "problems": (), "example": ""}
        assert replies.render(key, {**nothing, **said, **SURROUNDINGS}).text


class TestNumbers:
    @pytest.mark.parametrize(
        ("language", "count", "text"),
        [
            ("en", 1, "1 try"),
            ("en", 0, "0 tries"),
            ("en", 1200, "1,200 tries"),
            ("id", 1, "1 tries"),
        ],
    )
    def test_plural(self, language: str, count: int, text: str) -> None:
        """The form follows the number by the rules of the language; # is the number."""
        template = """x: '{{ n | plural(one="# try", other="# tries") }}'"""
        assert said(template, language, n=count).text == text

    def test_number(self) -> None:
        """Numbers are written as the language writes them."""
        assert said("x: '{{ n | number }}'", "id", n=1234567.5).text == "1.234.567,5"


class TestVariants:
    def test_in_turn(self) -> None:
        """A list is a reply in several ways, counted round and round."""
        replies = Replies("id", Document.parse("x: [one, two, three]", "r.yml"))
        assert [replies.render("x", {}, at).text for at in (0, 1, 2, 3)] == [
            "one", "two", "three", "one",
        ]  # fmt: skip
        assert replies.variants("x") == 3

    def test_with_buttons(self) -> None:
        """What can be tapped is the same in all of them."""
        text = "x: {text: [one, two], buttons: [{title: Yes, tap: approve}]}"
        replies = Replies("id", Document.parse(text, "r.yml"))
        assert replies.render("x", {}, 1) == Reply("two", (Button("Yes", "/approve"),))


class TestFallback:
    FIRST = "x: 'Tanggal {{ day | date }}'\ny: [satu, dua]\npart: bagian\n"
    FIRST += "tap: {text: ya, buttons: [{title: Ya, tap: approve}]}"

    def english(self, text: str) -> Replies:
        """English replies beside the Indonesian ones."""
        first = Replies("id", Document.parse(self.FIRST, "id.yml"))
        return Replies("en", Document.parse(text, "en.yml"), first)

    def test_missing(self) -> None:
        """What a language lacks is said whole in the first one, its dates and variants too."""
        english = self.english("z: only here")
        day = {"day": "2026-11-27"}
        assert english.render("x", day).text == "Tanggal Jumat, 27 November 2026"
        assert english.variants("y") == 2
        assert english.render("y", {}, 1).text == "dua"
        assert "x" in english
        assert english.payloads("tap", {}) == {"Ya": "/approve"}
        assert "nowhere" not in english
        assert [*english] == ["z"]

    def test_part_missing(self) -> None:
        """Half a sentence in one language and half in another is none: the first says all of it."""
        english = self.english("x: 'Date {{ say(\"part\") }}'")
        assert english.render("x", {"day": "2026-11-27"}).text.startswith("Tanggal")

    def test_empty(self) -> None:
        """A text that comes out empty is not sent: the first language says it, with an alarm."""
        english = self.english("x: '{% if day == 1 %}Today{% endif %}'")
        with capture_logs() as logs:
            assert english.render("x", {"day": "2026-11-27"}).text.startswith("Tanggal")
        assert [(log["event"], log["reply"], log["alarm"]) for log in logs] == [
            ("reply_came_out_empty", "x", True)
        ]

    def test_empty_in_all(self) -> None:
        """Where the first one says nothing either, it is an error, and the shell apologises."""
        first = Replies("id", Document.parse("x: ' {{ name }}'", "id.yml"))
        english = Replies("en", Document.parse("x: '{{ name }}'", "en.yml"), first)
        with pytest.raises(ValueError, match="reply 'x' came out empty"):
            english.render("x", {"name": ""})


class TestLocation:
    PLACE = (
        "x: {text: t, location: {latitude: '{{ north }}', longitude: '{{ east }}', name: ' a '}}"
    )

    def test_shown(self) -> None:
        """Degrees are numbers, written out or filled in."""
        assert said(self.PLACE, north=-6.2, east="106.8").location == Location(-6.2, 106.8, "a")
        written = said("x: {text: t, location: {latitude: -6, longitude: 106.8, address: J}}")
        assert written.location == Location(-6.0, 106.8, "", "J")
        assert Reply.from_document(written.as_document()) == written

    @pytest.mark.parametrize(("north", "east"), [("", 106.8), (-6.2, ""), (" ", " ")])
    def test_unknown(self, north: object, east: object) -> None:
        """Where a part is empty no place is shown, and that is all right."""
        with capture_logs() as logs:
            assert said(self.PLACE, north=north, east=east).location is None
        assert logs == []

    @pytest.mark.parametrize("north", ["x", "91", "nan", "6,2"])
    def test_no_degrees(self, north: str) -> None:
        """What is no degrees is not shown, and somebody is told; the words are said."""
        with capture_logs() as logs:
            assert said(self.PLACE, north=north, east=0) == Reply("t")
        assert [(log["event"], log["alarm"]) for log in logs] == [
            ("reply_location_unreadable", True)
        ]

    @pytest.mark.parametrize("latitude", ["91", "'x'", "-90.5", "''", "'nan'"])
    def test_mistakes(self, latitude: str) -> None:
        """What is written out wrongly is refused when the file is read."""
        with pytest.raises(ExceptionGroup) as raised:
            said(f"x: {{text: t, location: {{latitude: {latitude}, longitude: 0}}}}")
        assert "latitude: write degrees from -90 to 90" in str(raised.value.exceptions[0])


class TestContact:
    CARD = "x: {text: t, contact: {name: '{{ name }}', numbers: '{{ numbers }}'}}"

    def test_numbers(self) -> None:
        """One template may come out as several numbers; the card comes back from a store."""
        reply = said(self.CARD, name="Kantor", numbers="+62 812 0000 0001, +62-812-0000-0002")
        assert reply.contact == Card("Kantor", ("+62 812 0000 0001", "+62-812-0000-0002"))
        assert Reply.from_document(reply.as_document()) == reply
        several = said("x: {text: t, contact: {name: a, numbers: ['+62 812 0000 0001']}}")
        assert several.contact == Card("a", ("+62 812 0000 0001",))

    def test_from_a_store(self) -> None:
        """A database gives lists back."""
        reply = said(self.CARD, name="Kantor", numbers="+62 812 0000 0001")
        kept = {
            **reply.as_document(),
            "contact": {"name": "Kantor", "phones": ["+62 812 0000 0001"]},
        }
        assert Reply.from_document(kept) == reply

    def test_none(self) -> None:
        """Without a number there is no card, and that is all right."""
        with capture_logs() as logs:
            assert said(self.CARD, name="Kantor", numbers=" ").contact is None
        assert logs == []

    @pytest.mark.parametrize("numbers", ["0812 0000 0001", "+62", "+62 812 0000 0001x", "x"])
    def test_no_number(self, numbers: str) -> None:
        """What cannot be dialled is left out, and somebody is told."""
        with capture_logs() as logs:
            assert said(self.CARD, name="Kantor", numbers=numbers) == Reply("t")
        assert [log["event"] for log in logs] == ["reply_contact_unreadable"]


class TestReaction:
    def test_reaction(self) -> None:
        """It is put on nothing yet."""
        reply = said("x: {text: t, reaction: ✅}")
        assert reply.reaction == Reaction("", "✅")
        assert Reply.from_document(reply.as_document()) == reply

    def test_one_emoji(self) -> None:
        """Anything else is a mistake."""
        with pytest.raises(ExceptionGroup) as raised:
            said("x: {text: t, reaction: ok}")
        assert "a reaction is one emoji, like ✅, not 'ok'" in str(raised.value.exceptions[0])


class TestTemplates:
    SENTENCE = """
        x:
          text: Besok {{ name }} datang?
          buttons: [{title: Ya, tap: approve}]
          template: {name: reminder, with: ['{{ name }}', 'a  b']}
    """

    def test_filled_in(self) -> None:
        """A template's parameters come out on one line each, in its reply's language."""
        reply = said(self.SENTENCE, name="Rina\n\nFiktif")
        assert reply.template == Registered("reminder", "id", ("Rina Fiktif", "a b"))
        assert reply.text.startswith("Besok Rina")

    def test_round_trip(self) -> None:
        """It comes back from a store as it was."""
        reply = said(self.SENTENCE, name="Rina")
        assert Reply.from_document(reply.as_document()) == reply
        bare = Reply("t", template=Registered("hello", "id"))
        assert Reply.from_document(bare.as_document()) == bare

    @pytest.mark.parametrize(
        "more",
        [
            "barcode: K",
            "menu: {title: t, each: sizes, row: {title: t, tap: choose}}",
            "document: a.pdf",
            "location: {latitude: 0, longitude: 0}",
            "contact: {name: a, numbers: b}",
        ],
    )
    def test_not_with_a_picture(self, more: str) -> None:
        """What a template cannot show is refused when the file is read."""
        with pytest.raises(ExceptionGroup) as raised:
            said(f"x: {{text: t, template: {{name: a}}, {more}}}")
        assert "a template has no menu, picture, document" in str(raised.value.exceptions[0])


def test_origin() -> None:
    """A reply says which sentence it is, by key and a hash of how it is written; of one that says
    others the hash is of all. It is no part of what is shown.
    """
    text = """
x: Halo
y: "{{ say('x') }} juga"
z: Ada
"""
    was, now = (
        [replies.render(key, {}).origin for key in ("x", "y", "z")]
        for replies in (_replies(text), _replies(text.replace("Halo", "Hai")))
    )
    assert [origin and origin.key for origin in was] == ["x", "y", "z"]
    assert [left == right for left, right in zip(was, now, strict=True)] == [False, False, True]
    assert _replies(text).render("z", {}) == Reply("Ada")


def _replies(text: str) -> Replies:
    return Replies("id", Document.parse(text, "r.yml"))
