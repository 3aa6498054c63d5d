"""What a turn decides, told with a pizza shop; every event goes through a store first."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.events import Expectation, Understood
from bot.dialogue.flowset import load_flows
from tests.support.pizza import BAKE, LIST, MakeTalk, choosing
from tests.support.talk import NOW, Talk


class TestEntering:
    def test_first_message(self, talk: Talk) -> None:
        """Whatever is said first, the initial state is entered: it says, then asks."""
        assert talk.hear("none") == "welcome what_now"
        assert talk.where == "shop.open"

    def test_first_message_that_is_heard(self, talk: Talk) -> None:
        """Who knows what they want gets on with it."""
        assert talk.hear("order") == ""
        assert (talk.where, talk.action) == ("shop.choosing", "list_sizes")

    def test_first_message_heard_everywhere(self, talk: Talk) -> None:
        """An answer to a question put first is followed by ours."""
        assert talk.hear("ask_menu") == "menu what_now"

    def test_again(self, talk: Talk) -> None:
        """Going to the same state enters it anew."""
        talk.hear("none")
        before = talk.conversation.frame.entry
        assert talk.hear("hello") == "welcome what_now"
        assert talk.conversation.frame.entry > before

    def test_version(self, talk: Talk) -> None:
        """A conversation remembers which flow set it ran on."""
        talk.hear("none")
        assert talk.conversation.version == talk.engine.flows.version

    def test_pure(self, talk: Talk) -> None:
        """Deciding changes nothing: the same again comes to the same."""
        before = talk.conversation
        first = talk.engine.decide(before, Understood("none"), NOW)
        assert talk.engine.decide(before, Understood("none"), NOW) == first


class TestActing:
    def test_outcome_without_a_way(self, talk: Talk) -> None:
        """An outcome that only says stays, and the state's question follows."""
        talk.hear("order")
        assert talk.end("found", sizes=["small"]) == "which_size"
        assert talk.slots == {"sizes": ["small"]}
        assert talk.action is None

    def test_outcome_that_goes(self, talk: Talk) -> None:
        """Its replies come before those of the state it leads to."""
        talk.hear("order")
        assert talk.end("none") == "gone pizza bye"
        assert talk.where == "shop.done"

    def test_action_on_hearing(self, make: MakeTalk) -> None:
        """An action under ``on`` runs in the state, whose outcomes handle it."""
        more = "outcomes: {done: {go: done}, burnt: {say: late}, found"
        talk = make(("outcomes: {found", more), ("choose: {go: naming}", "choose: {do: bake}"))
        choosing(talk)
        assert talk.hear("choose") == ""
        assert talk.action == "bake"
        assert talk.end("burnt") == "late which_size"
        talk.hear("choose")
        assert talk.end("done") == "pizza bye"

    def test_set(self, talk: Talk) -> None:
        """A step sets slots, to a literal or to what is heard or known."""
        choosing(talk)
        talk.hear("choose", size="large")
        talk.hear("inform", person_name="Ani", day="2026-12-01")
        assert talk.slots["size"] == "large"
        talk.end("done")
        assert "size" not in talk.slots

    def test_forgetting(self, make: MakeTalk) -> None:
        """Replies of a step know what it sets, and still know what it forgets; then it is gone."""
        step = (
            "{set: {size: null, name: '{{ heard.name }}', day: '{{ size }}'}, say: menu, go: open}"
        )
        talk = make(("hello: {go: open}", f"hello: {step}"))
        talk.hear("none", size="large", day="2026-12-01")
        assert talk.hear("hello", name="Ani") == "menu welcome what_now"
        assert talk.decision
        of_step, of_state, _ = (saying.variables for saying in talk.decision.says)
        known = [(said["size"], said["name"], said["day"]) for said in (of_step, of_state)]
        assert known == [("large", "Ani", "2026-12-01"), (None, "Ani", None)]

    def test_clock(self, make: MakeTalk) -> None:
        """Expressions may ask for the venue's day and the moment, and count from them."""
        late = NOW.replace(hour=18).astimezone(ZoneInfo("Asia/Jakarta"))  # tomorrow there
        tomorrow = "{when: 'days(today, day) == 1', say: menu}"
        soon = "{when: 'minutes(now, name) < 10', say: late}"
        talk = make(("hello: {go: open}", f"hello: [{tomorrow}, {soon}]"))
        talk.now = late
        talk.hear("none", day="2026-11-25", person_name="2026-11-23T18:09:59+00:00")
        assert talk.hear("hello") == "menu what_now"
        assert talk.hear("hello", day="2026-11-24") == "late what_now"
        assert talk.hear("hello", person_name="2026-11-23T18:10:00+00:00") == "sorry what_now"

    def test_set_by_expression(self, make: MakeTalk) -> None:
        """Expressions see slots and what was heard; a name that is not there is nothing."""
        computed = (
            "size: '{{ heard.much * 2 }}', name: '{{ size + \" cm\" }}', day: '{{ heard.no.such }}'"
        )
        talk = make(("{go: open}", f"{{set: {{{computed}}}}}"))
        talk.hear("hello", much=21)
        assert talk.slots == {"size": 42, "name": "42 cm"}


class TestDigressing:
    def test_question_again(self, talk: Talk) -> None:
        """After an answer to something else the open question is put again."""
        choosing(talk)
        assert talk.hear("ask_menu") == "menu which_size"
        assert talk.where == "shop.choosing"

    def test_not_understood(self, talk: Talk) -> None:
        """So it is after what was not understood."""
        talk.hear("none")
        assert talk.hear("none") == "sorry what_now"

    def test_state_before_flow(self, make: MakeTalk) -> None:
        """A state's own answer goes before the one given everywhere."""
        talk = make(("hello: {go: open}", "ask_menu: {say: thanks}"))
        assert talk.hear("ask_menu") == "thanks what_now"


class TestCollecting:
    @pytest.fixture
    def naming(self, talk: Talk) -> Talk:
        """Where a name and a day are asked for."""
        choosing(talk)
        assert talk.hear("choose", size="large") == "how_long"
        return talk

    def test_all_at_once(self, naming: Talk) -> None:
        """One message may hold everything, whatever it was understood as."""
        assert naming.hear("none", person_name="Ani", day="2026-12-01") == ""
        assert naming.action == "bake"

    @pytest.mark.parametrize(
        ("first", "question", "second"),
        [
            ({"person_name": "Ani"}, "which_day", {"day": "2026-12-01"}),
            ({"day": "2026-12-01"}, "what_name", {"person_name": "Ani"}),
        ],
    )
    def test_one_by_one(
        self, naming: Talk, first: dict[str, str], question: str, second: dict[str, str]
    ) -> None:
        """Or it comes in several, in any order; what alone is missing is asked for by itself."""
        assert naming.hear("inform", **first) == question
        assert naming.hear("inform", **second) == ""
        assert naming.action == "bake"
        assert naming.slots.items() >= {"name": "Ani", "day": "2026-12-01"}.items()

    def test_known_before(self, talk: Talk) -> None:
        """What was said earlier is not asked for again."""
        talk.hear("none")
        talk.hear("order", person_name="Ani", day="2026-12-01")
        talk.end("found", sizes=["small"])
        assert talk.hear("choose", size="small") == ""
        assert talk.action == "bake"

    def test_correction(self, naming: Talk) -> None:
        """The last word counts."""
        naming.hear("inform", person_name="Ani")
        assert naming.hear("inform", person_name="Ina") == "which_day"
        assert naming.slots["name"] == "Ina"

    def test_digression_between(self, naming: Talk) -> None:
        """A question in between forgets nothing."""
        naming.hear("inform", person_name="Ani")
        assert naming.hear("ask_menu") == "menu which_day"

    def test_answer_within_a_question(self, naming: Talk) -> None:
        """What a question brings along is taken in."""
        assert naming.hear("ask_menu", person_name="Ani") == "menu which_day"


class TestChoosing:
    def test_by_number(self, talk: Talk) -> None:
        """A number counts in the list on the table."""
        choosing(talk).hear("choose", option_number=2)
        assert talk.slots["size"] == "large"
        assert talk.where == "shop.naming"

    @pytest.mark.parametrize("number", [0, 3, -1, 10**12])
    def test_no_such_number(self, talk: Talk, number: int) -> None:
        """A number that is not there is not understood, and chooses nothing."""
        assert choosing(talk).hear("choose", option_number=number) == "no_such which_size"
        assert "size" not in talk.slots

    def test_without_a_number(self, make: MakeTalk) -> None:
        """Who chooses from the list without saying which has chosen nothing; by name they have."""
        talk = choosing(make(("choose: {go: naming}", "choose_option: {go: naming}")))
        assert talk.hear("choose_option") == "no_such which_size"
        assert talk.hear("choose_option", size="large") == "how_long"

    def test_later(self, make: MakeTalk) -> None:
        """A state that says so lets the list still be pointed at: a correction."""
        talk = choosing(make(("ask: how_long", "ask: how_long\n    options: {size: sizes}")))
        talk.hear("choose", option_number=1)
        talk.hear("none", option_number=2)
        assert talk.slots["size"] == "large"

    def test_elsewhere(self, talk: Talk) -> None:
        """In a state without options a number counts in no other state's list."""
        choosing(talk).hear("choose", option_number=1)
        assert talk.engine.expectation(talk.conversation).options == 0
        assert talk.hear("none", option_number=2) == "sorry how_long"
        assert talk.slots["size"] == "small"

    def test_no_list(self, talk: Talk) -> None:
        """Without a list a number means nothing."""
        talk.hear("none")
        assert talk.hear("choose", option_number=1) == "sorry what_now"


class TestLimits:
    def test_escalation(self, talk: Talk) -> None:
        """After so many times the step only goes where it says."""
        choosing(talk)
        assert talk.hear("none") == "no_such which_size"
        assert talk.hear("none") == "no_such which_size"
        assert talk.hear("none") == "pizza bye"
        assert talk.where == "shop.done"

    def test_understood_in_between(self, talk: Talk) -> None:
        """Being understood ends a row of misunderstandings."""
        choosing(talk)
        talk.hear("none")
        talk.hear("none")
        talk.hear("ask_menu")
        assert talk.hear("none") == "no_such which_size"

    def test_partly_understood_in_between(self, make: MakeTalk) -> None:
        """So does an answer that fills a part of what is asked."""
        limited = "misunderstood: {say: sorry, at_most: 1, go: done}\n    ask: how_long"
        talk = choosing(make(("ask: how_long", limited)))
        talk.hear("choose", size="small")
        talk.hear("none")
        talk.hear("inform", person_name="Ani")
        assert talk.hear("none") == "sorry which_day"

    def test_entered_again(self, talk: Talk) -> None:
        """Entering a state counts from the beginning."""
        talk.hear("none")
        talk.hear("shout")
        talk.hear("shout")
        talk.hear("hello")
        assert talk.hear("shout") == "really what_now"

    def test_of_an_intent(self, talk: Talk) -> None:
        """Any step may be limited; its count outlasts what is said in between."""
        talk.hear("none")
        talk.hear("shout")
        talk.hear("ask_menu")
        talk.hear("shout")
        assert talk.hear("shout") == "pizza bye"


class TestExpecting:
    def expectation(self, talk: Talk) -> Expectation:
        """What the conversation waits for."""
        return talk.engine.expectation(talk.conversation)

    def test_before_the_first_message(self, talk: Talk) -> None:
        """The initial state's intents, and what the flow's slots take."""
        intents, takes = {"order", "hello", "shout"}, {"size", "day", "person_name"}
        expected = Expectation("open", frozenset(intents), takes=frozenset(takes))
        assert self.expectation(talk) == expected

    def test_options(self, talk: Talk) -> None:
        """How many options are on the table."""
        assert self.expectation(choosing(talk)).options == 2

    def test_missing_and_known(self, talk: Talk) -> None:
        """What is still missing, in asking order, and what is known, both by entity type."""
        choosing(talk).hear("choose", size="small")
        assert self.expectation(talk).missing == ("person_name", "day")
        talk.hear("inform", person_name="Ani")
        expected = self.expectation(talk)
        assert expected.missing == ("day",)
        assert expected.known == {"size": "small", "person_name": "Ani"}


def test_variants(tmp_path: Path, make: MakeTalk) -> None:
    """A reply with several texts is never said twice in a row in the same way."""
    make()
    path = tmp_path / "replies" / "id.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("sorry: sorry", "sorry: [sorry, pardon]"), encoding="utf-8")
    actions = {action.name: action for action in (BAKE, LIST)}
    talk = Talk(load_flows(tmp_path, ["id"], actions, shape=False))
    talk.hear("hello")
    said = []
    for _ in range(4):
        talk.hear("nonsense")
        assert talk.decision
        said.append(talk.decision.says[0].variant % 2)
    assert said in ([0, 1, 0, 1], [1, 0, 1, 0])
