"""Rasa's test stories and end-to-end tests."""

from pathlib import Path

import pytest

from bot.replay.importing.conversation import ImportingError
from bot.replay.importing.rasa import read_rasa

STORIES = """\
version: "3.1"
stories:
- story: booking
  steps:
  - user: |
      Pagi, saya [Rina](name)
    intent: greet
  - action: utter_greet
  - intent: ask_dates
  - slot_was_set:
    - name: Rina
  - user: "/affirm"
    intent: affirm
  - checkpoint: later
  - action: action_book
  - user: besok
    intent: choose_date
  - action: utter_dates
- story: without words
  steps:
  - intent: greet
nlu: []
"""
CASES = """\
fixtures: [x]
test_cases:
- test_case: happy path
  fixtures: [x]
  steps:
  - user: hello
  - bot: Hi there
    assertions: []
  - utter: utter_menu
  - user: 3
- test_case: sad path
  steps:
  - user: bye
"""


def test_stories_give_what_the_user_says_and_which_replies_came() -> None:
    """Entities' marks are taken away; all else is told with its line."""
    (story,) = read_rasa(STORIES, Path("s.yml"))
    assert story.name == "booking"
    assert [(each.line, each.by_office, each.text) for each in story.utterances] == [
        (5, False, "Pagi, saya Rina"),
        (8, True, "utter_greet"),
        (16, False, "besok"),
        (18, True, "utter_dates"),
    ]
    assert [note.line for note in story.notes] == [9, 10, 12, 14, 15, 19, 21, 22]


def test_every_test_case_is_a_conversation() -> None:
    """Numbers are words here, too."""
    happy, sad = read_rasa(CASES, Path("s.yml"))
    assert [(each.by_office, each.text) for each in happy.utterances] == [
        (False, "hello"),
        (True, "Hi there"),
        (True, "utter_menu"),
        (False, "3"),
    ]
    assert [note.line for note in happy.notes] == [1, 4, 8]
    assert (sad.name, len(sad.utterances)) == ("sad path", 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "stories:",
        "stories: 3",
        "- a",
        "stories: [1, {steps: 4}, {steps: [2, {user: [x]}]}]",
        "a: [",
        "\t",
        "stories: [{story: x, steps: [{user: ''}, {user: }, {action: }]}]",
    ],
)
def test_what_holds_no_story_is_refused(text: str) -> None:
    """In words, whatever it is."""
    with pytest.raises(ImportingError):
        read_rasa(text, Path("s.yml"))
