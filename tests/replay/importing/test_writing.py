"""Imported conversations as recordings."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.definitions import Definitions
from bot.document import Document
from bot.replay.importing.conversation import Conversation, Utterance
from bot.replay.importing.masking import APPLICANT, Mask, as_written
from bot.replay.importing.writing import recording_of, started_at
from bot.replay.recording import Script
from bot.replay.said import MEDIA

BEGAN = datetime.fromisoformat("2024-08-20T09:12:33")


def script(definitions: Definitions, *utterances: Utterance) -> Script:
    """The recording of a conversation, read again."""
    conversation = Conversation("", utterances)
    office = definitions.offices.get("jakarta_pusat")
    assert office
    now = started_at(conversation, office, BEGAN)
    text, _ = recording_of(conversation, office, now, as_written)
    return Document.parse(text, "x").validate(Script)


def rina(text: str, kind: str = "text", minutes: float | None = None) -> Utterance:
    """Something an applicant says so long after the beginning."""
    at = None if minutes is None else BEGAN + timedelta(minutes=minutes)
    return Utterance(1, by_office=False, text=text, kind=kind, at=at)


def kanim(text: str, minutes: float | None = None, *choices: str) -> Utterance:
    """Something an office says."""
    at = None if minutes is None else BEGAN + timedelta(minutes=minutes)
    return Utterance(2, by_office=True, text=text, at=at, choices=choices)


def test_the_applicant_s_messages_are_turns_and_the_office_s_stand_beside(
    definitions: Definitions,
) -> None:
    """It begins on the office's clock when the applicant writes first."""
    made = script(
        definitions,
        kanim("promosi", -9),
        rina("Pagi", minutes=0),
        kanim("Halo\nAda apa?", 1, "Daftar", "Batal"),
        kanim("?", 2),
        rina("daftar", minutes=3),
    )
    assert made.now.isoformat() == "2024-08-20T09:12:00+07:00"
    assert [str(turn.user) for turn in made.turns] == ['"Pagi"', '"daftar"']
    assert list(made.turns[0].was) == ["Halo\nAda apa?\n[Daftar]\n[Batal]\n", "?"]
    assert made.contact.sender == APPLICANT


def test_pauses_are_waits(definitions: Definitions) -> None:
    """Short ones add up; the longest is written in hours or days."""
    made = script(
        definitions,
        rina("a", minutes=0),
        rina("b", minutes=3),
        rina("c", minutes=7),
        kanim("pengingat", 7 + 24 * 60),
        rina("d", minutes=60 * 24 * 400),
    )
    waits = [turn.wait for turn in made.turns if turn.wait]
    assert waits == [timedelta(minutes=7), timedelta(days=1), timedelta(days=398, hours=23)]
    assert list(made.turns[4].was) == ["pengingat"]


@given(
    text=st.text(st.characters(blacklist_categories=["Cs"]), min_size=1).filter(str.strip),
    kind=st.sampled_from(["text", "image", "document"]),
)
def test_any_text_is_read_as_it_was_written(definitions: Definitions, text: str, kind: str) -> None:
    """Quotes, blocks, colons, control signs, emoji; only captured values' braces are kept apart."""
    made = script(definitions, rina(text, kind), kanim(text))
    said, was = made.turns[0].user, made.turns[0].was[0]
    assert said
    assert isinstance(was, str)
    expected = text.replace("{{", "{ {")
    assert said.text.rstrip("\n") == expected.rstrip("\n")
    assert was.strip("\n") == expected.strip("\n")


def test_every_kind_of_message_can_be_written(definitions: Definitions) -> None:
    """Recordings know all that readers find."""
    for kind in ("image", "video", "audio", "voice", "document", "sticker", "location", "contacts"):
        assert kind in MEDIA
        (turn,) = script(definitions, rina("", kind)).turns
        assert turn.user
        assert turn.user.kind == kind


def test_names_and_numbers_are_replaced_by_the_same_each_time(definitions: Definitions) -> None:
    """Parts of names, in any case; numbers however they are written; an office's stay."""
    mask = Mask(["Rina Wulandari", "Pak Agus"], definitions.offices)
    assert mask("#RINA WULANDARI#17081990#") == "#RINA CONTOH#17081990#"
    assert mask("rina, kata pak agus; marinara") == "Rina, kata pak Budi; marinara"
    numbers = mask("0812-3456-7890 +62 812 3456 7890 62 81234567890 081234567891")
    assert numbers == "081200000101 +6281200000101 6281200000101 081200000102"
    assert (
        mask("0812 9900 4406, 3174015708900001, 00002681")
        == "0812 9900 4406, 3174015708900001, 00002681"
    )


def test_who_is_but_a_number_is_the_number_that_is_played(definitions: Definitions) -> None:
    """Their number in a message is then the contact's."""
    mask = Mask(["+62 812-3456-7890"], definitions.offices)
    assert mask("nomor saya 081234567890") == "nomor saya 081200000001"


def test_names_that_are_words_stay(definitions: Definitions) -> None:
    """A month, a title."""
    mask = Mask(["Mei Agustus"], definitions.offices)
    assert mask("17 agustus, 3 mei") == "17 agustus, 3 mei"


def test_signs_that_yaml_does_not_know_are_written_so_that_they_are_read_again(
    definitions: Definitions,
) -> None:
    """Non-characters come out of damaged files."""
    for sign in "\ufffe\uffff\ufeff\x07\x85\u2028":
        for text in (f"a{sign}b", f"a\nb{sign}c"):
            (turn,) = script(definitions, rina(text)).turns
            assert turn.user
            assert turn.user.text == text
