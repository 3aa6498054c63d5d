"""Transcripts of the Bot Framework."""

import json
from datetime import UTC, datetime

import pytest

from bot.replay.importing.conversation import Conversation, ImportingError, Utterance
from bot.replay.importing.source import Source
from bot.replay.importing.transcript import read_transcript

USER, BOT = {"id": "u", "role": "user"}, {"id": "b", "role": "bot"}


def read(*activities: object) -> Conversation:
    """The conversation in a transcript with an activity a line."""
    lines = ",\n".join(json.dumps(each) for each in activities)
    return read_transcript(Source("x", f"[\n{lines}\n]"))


def test_messages_are_told_apart_by_role() -> None:
    """With when, and the line each stands on."""
    heard = read(
        {"type": "conversationUpdate", "membersAdded": [USER]},
        {"type": "message", "from": USER, "text": "Pagi", "timestamp": "2024-08-20T02:12:00Z"},
        {"type": "typing", "from": BOT},
        {"type": "message", "from": BOT, "text": "Selamat pagi"},
    )
    at = datetime(2024, 8, 20, 2, 12, tzinfo=UTC)
    assert heard.utterances == [
        Utterance(3, by_office=False, text="Pagi", at=at),
        Utterance(5, by_office=True, text="Selamat pagi"),
    ]
    assert [(note.line, note.left_out) for note in heard.notes] == [(2, True), (4, True)]


def test_what_can_be_tapped_and_read_on_cards_is_told() -> None:
    """Suggested actions, hero cards, adaptive cards."""
    hero = {"title": "Antrean", "text": "Pilih", "buttons": [{"title": "Besok", "value": "1"}]}
    adaptive = {
        "type": "AdaptiveCard",
        "body": [{"type": "TextBlock", "text": "Data Anda"}, {"type": "Container", "items": []}],
        "actions": [{"type": "Action.Submit", "title": "Kirim"}],
    }
    heard = read(
        {"type": "message", "from": USER, "text": "Pagi"},
        {
            "type": "message",
            "from": BOT,
            "text": "Halo",
            "suggestedActions": {"actions": [{"title": "Ya"}, {"title": "Tidak"}]},
            "attachments": [{"content": hero}, {"content": adaptive}],
        },
    )
    assert heard.utterances[1].text == "Halo\nAntrean\nPilih\nData Anda"
    assert heard.utterances[1].choices == ("Ya", "Tidak", "Besok", "Kirim")


def test_a_tap_is_its_value_and_a_file_is_a_file() -> None:
    """Forms of cards are no words, and said to be left out."""
    heard = read(
        {"type": "message", "from": USER, "value": "besok"},
        {"type": "message", "from": USER, "value": {"nama": "Rina"}},
        {"type": "message", "from": USER, "attachments": [{"contentType": "image/png"}]},
    )
    assert [(each.kind, each.text) for each in heard.utterances] == [
        ("text", "besok"),
        ("image", ""),
    ]
    assert [note.line for note in heard.notes] == [3]


def test_roles_may_be_numbers_or_missing() -> None:
    """Copilot Studio counts; old transcripts say who is answered."""
    heard = read_transcript(
        Source(
            "x",
            '{"activities": [{"type": "message", "from": {"role": 1}, "text": "a", "timestamp": '
            '1724119920},\n{"type": "message", "from": {"role": 0}, "text": "b"},\n'
            '{"type": "message", "replyToId": "1", "text": "c"}, '
            '{"type": "message", "text": "d"}]}',
        )
    )
    assert [(each.line, each.by_office, each.text) for each in heard.utterances] == [
        (1, False, "a"),
        (2, True, "b"),
        (3, True, "c"),
        (3, False, "d"),
    ]


@pytest.mark.parametrize(
    "never", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00", "soon", 1e12, -1, [], True]
)
def test_a_time_that_cannot_be_is_none(never: object) -> None:
    """.NET writes the year 1 for a local time it does not know; the other one counts."""
    told = "2024-08-20T02:12:00Z"
    heard = read(
        {"type": "message", "text": "a", "localTimestamp": never, "timestamp": told},
        {"type": "message", "text": "b", "timestamp": never},
    )
    assert [each.at for each in heard.utterances] == [datetime.fromisoformat(told), None]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[",
        "[1,",
        '[{"type": "message"',
        "[]",
        "[null]",
        "[" * 9000,
        '[{"a": 1e999}]',
        '[{"type": "message", "from": 5, "text": 7, "attachments": 3, "suggestedActions": [1]}]',
        '[{"type": "message", "from": {"role": []}, "timestamp": 1e300, "value": [1]}]',
        "abc",
    ],
)
def test_what_is_no_transcript_is_refused(text: str) -> None:
    """In words, whatever it is."""
    with pytest.raises(ImportingError):
        read_transcript(Source("x", text))


def test_what_cannot_be_read_is_said_with_its_line() -> None:
    """As JSON, or of an activity."""
    with pytest.raises(ImportingError, match="line 2"):
        read_transcript(Source("x", '[{"type": "message", "text": "a"},\n{"type" "x"}]'))
