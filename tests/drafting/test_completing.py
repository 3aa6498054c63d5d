"""What may stand where somebody is typing, in flows that are right or not yet."""

from pathlib import Path

import pytest

from bot.booking import actions as booking_actions
from bot.dialogue.actions import actions_in
from bot.dialogue.slot_type import shipped_types
from bot.dialogue.versions import files_in
from bot.drafting.completing import Lexicon, Offer, complete

FLOWS = Path(__file__).parents[2] / "flows"
WORDS = Lexicon(
    actions_in(booking_actions),
    shipped_types(),
    frozenset({"approve", "reject", "choose_date", "greet"}),
    frozenset({"service_date", "option_number"}),
    {"office": ("name", "zone")},
)
TALK = """\
flow: talk
include: common
initial: first

slots:
  colour: {type: choice, choices: [red, green]}
  day: {type: date}

states:
  first:
    ask: question
    on:
      approve: {go: second}
  second:
    do: find_dates
    outcomes:
      found: {go: over}
    on:
      reject: {call: other, returned: {}}
  over:
    end: true
"""
OTHER = """\
flow: other
initial: begin
slots: {wish: {type: text}}
states:
  begin: {ask: hello, on: {approve: {go: done}}}
  done: {end: true}
  undone: {end: true}
"""
FILES = {
    "talk.yml": TALK,
    "other.yml": OTHER,
    "common.yml": "always:\n  help: {say: hello}\n",
    "replies/id.yml": "question: Mau apa?\n"
    "hello: {text: Halo., buttons: [{title: Ya, tap: agreed}]}\n",
    "replies/en.yml": "question: What?\n",
}


def offered(text: str, name: str = "talk.yml") -> Offer:
    """What is offered at the ``|``."""
    offset = text.index("|")
    before = text[:offset]
    line, column = before.count("\n") + 1, offset - before.rfind("\n")
    return complete({**FILES, name: text.replace("|", "", 1)}, name, line, column, WORDS)


def labels(text: str, name: str = "talk.yml") -> list[str]:
    """Their names."""
    return [each.label for each in offered(text, name).candidates]


def within(old: str, new: str) -> str:
    """The flow with one place changed."""
    assert old in TALK
    return TALK.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (within("go: second", "go: |"), ["first", "second", "over"]),
        (within("go: second", "go: se|"), ["second"]),
        (within("{go: second}", "{go: |"), ["first", "second", "over"]),
        (within("initial: first", "initial: |"), ["first", "second", "over"]),
        (within("ask: question", "ask: |"), ["question", "hello"]),
        (within("ask: question", "say: [question, |"), ["question", "hello"]),
        (within("ask: question", "say:\n      - he|"), ["hello"]),
        (within("do: find_dates", "do: find_d|"), ["find_dates"]),
        (within("found: {go: over}", "fu|"), ["full"]),
        (within("call: other", "call: |"), ["other"]),
        (within("call: other", "call: {flow: |"), ["other"]),
        (within("returned: {}", "returned: {|"), ["done", "undone"]),
        (within("call: other", "call: {flow: other, with: {|"), ["wish"]),
        (within("call: other", "call: {flow: other, into: {day: |"), ["wish"]),
        (within("include: common", "include: |"), ["common"]),
        (within("include: common", "based_on: |"), ["other"]),
        (within("approve: {go: second}", "approve: {go: second}\n      gr|"), ["greet"]),
        (within("approve: {go: second}", "ag|"), ["agreed"]),  # a button of a reply means it
        (within("{go: second}", "{set: {|"), ["colour", "day"]),
        (within("{go: second}", "{set: {colour: |"), ["red", "green", "null"]),
        (within("{go: second}", "{when: col|"), ["colour"]),
        (within("{go: second}", '{when: colour == "|'), ["red", "green"]),
        (within("{go: second}", "{when: heard.|"), ["option_number", "service_date"]),
        (within("{go: second}", '{set: {day: "{{ heard.s|'), ["service_date"]),
        (within("type: date", "type: |"), ["birth_date", "choice"]),
        (within("end: true", "end: |"), ["true", "false"]),
        (within("ask: question", "collect: [|"), ["colour", "day"]),
        (within("ask: question", "timeout: {after: |"), ["10 minutes"]),
        (
            within("{go: second}", "{go: third}").replace("states:", "states:\n  |"),
            ["third"],
        ),  # gone to, and not there
    ],
)
def test_names_are_offered_where_they_may_stand(text: str, first: list[str]) -> None:
    """The draft's own names, at the cursor's place, what is typed of them first."""
    assert labels(text)[: len(first)] == first


@pytest.mark.parametrize(
    ("text", "among", "not_among"),
    [
        ("|", {"flow", "states", "slots"}, {"say", "go"}),
        (within("    end: true", "    |"), {"end", "say", "ask", "on"}, {"go", "flow", "when"}),
        (within("{go: second}", "{|"), {"go", "say", "when", "call"}, {"ask", "on", "states"}),
        (within("{go: second}", "{go: second, |"), {"say", "when"}, {"go"}),
        (within("{go: second}", "\n        - {when: day, |"), {"go", "say"}, {"when", "ask"}),
        (within("colour: {", "colour: {|"), {"ask", "check"}, {"type", "choices", "go"}),
        (within("    do: find_dates", "    |"), {"ask", "say"}, {"outcomes", "on"}),
        (within("ask: question", "timeout: {|"), {"after", "until", "go"}, {"ask"}),
    ],
)
def test_keys_are_offered_once(text: str, among: set[str], not_among: set[str]) -> None:
    """The keys the schema has for that place, without those the mapping has already, before the
    cursor or after it.
    """
    found = set(labels(text))
    assert among <= found
    assert not_among & found == set()


def test_a_key_is_explained_and_finished() -> None:
    """With its description, its colon, and a space where a value may follow."""
    (found,) = [
        each for each in offered(within("    end: true", "    |")).candidates if each.label == "ask"
    ]
    assert found.insert == "ask: "
    assert found.about.startswith("the open question")
    on = next(e for e in offered(within("    end: true", "    |")).candidates if e.label == "on")
    assert on.insert == "on:"
    (again,) = offered(within("ask: question", "as|: question")).candidates[:1]
    assert (again.label, again.insert) == ("ask", "ask")
    action = offered(within("do: find_dates", "do: find_dat|")).candidates[0]
    assert action.about


def test_a_space_follows_the_colon() -> None:
    """Where it was not typed, it comes with the value."""
    offer = offered(
        within("go: second", "go:|").replace("{go:", "\n        go:").replace("}", "", 1)
    )
    assert offer.candidates[0].insert == " first"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("question: Mau apa?\n|", ["hello"]),
        ("hello: {text: x, buttons: [{title: Ya, tap: |", ["approve", "choose_date"]),
        ("hello: {te|", ["text", "template"]),
        ('hello: "Untuk {{ col|', ["colour"]),
        ("hello: >-\n  Di {{ office.|", ["name", "zone"]),
        ('hello: "{{ day | da|', ["date"]),
    ],
)
def test_replies_are_completed(text: str, first: list[str]) -> None:
    """Keys that flows say and that are missing, taps, what may be filled in, and how."""
    mark = text.rindex("|")
    if text.count("|") > 1:  # a filter's own bar
        line, column = text[:mark].count("\n") + 1, mark - text[:mark].rfind("\n")
        whole = {**FILES, "replies/id.yml": text[:mark]}
        found = complete(whole, "replies/id.yml", line, column, WORDS)
        assert [each.label for each in found.candidates][: len(first)] == first
    else:
        assert labels(text, "replies/id.yml")[: len(first)] == first


def test_another_language_misses_what_one_says() -> None:
    """The keys of the other reply files, and those that flows say, are offered with their words."""
    offer = offered("question: What?\n|", "replies/en.yml")
    assert [(each.label, each.about) for each in offer.candidates] == [("hello", "Halo.")]


@pytest.mark.parametrize(
    "text", [within("ask: question", "ask: question # |"), "# |", within("first:", "fi|rst:")]
)
def test_nothing_is_offered_in_comments_and_new_names(text: str) -> None:
    """Where nobody can know what will stand there."""
    assert labels(text) in ([], ["first"])


def test_what_is_typed_is_replaced_from_its_beginning() -> None:
    """The column tells where the word begins, within expressions its last part."""
    text = within("{go: second}", "{when: colour and heard.ser|")
    offer = offered(text)
    line = next(each for each in text.split("\n") if "|" in each)
    assert offer.start == line.index("ser|") + 1
    assert [each.insert for each in offer.candidates] == ["service_date"]


@pytest.mark.parametrize("name", ["passport_guided.yml", "replies/id.yml"])
def test_the_largest_files_answer_at_every_line(name: str) -> None:
    """Somewhere on each line of a shipped file, also where it is cut off there."""
    files = dict(files_in(FLOWS, ("id", "en")))
    lines = files[name].split("\n")
    for number in range(1, len(lines) + 1, 9):
        column = len(lines[number - 1]) // 2 + 1
        complete(files, name, number, column, WORDS)
        cut = "\n".join([*lines[: number - 1], lines[number - 1][: column - 1]])
        complete({**files, name: cut}, name, number, column, WORDS)
