"""What a turn decides, told with a pizza shop; every event goes through a store first."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.dialogue.deciding import LoopError
from bot.dialogue.events import Expectation, Problem, TimerRang, Understood
from bot.dialogue.flowset import FlowSet, load_flows
from tests.support.talk import NOW, Talk, an_action, flows_of

BAKE = an_action("bake", "done burnt", "loaves")
LIST = an_action("list_sizes", "found none", "sizes")
REPLIES = (
    "welcome what_now menu sorry really bye thanks which_size what_name how_long pizza late"
    " still_there gone no_such kept cancelled which_day"
)
COMMON = """\
always:
  ask_menu: {say: menu}
  cancel: {call: cancel}
  restart: {restart: true}
  change_language: {say: thanks}
misunderstood: {say: sorry}
"""
SHOP = """\
flow: shop
include: common
initial: open
slots:
  size: {type: text}
  name: {type: person_name, ask: what_name}
  day: {type: date, ask: which_day}
states:
  open:
    say: welcome
    ask: what_now
    on:
      order: {go: choosing}
      hello: {go: open}
      shout: {say: really, at_most: 2, go: done}
  choosing:
    do: list_sizes
    outcomes: {found: {}, none: {say: gone, go: done}}
    ask: which_size
    options: {size: sizes}
    on: {choose: {go: naming}}
    misunderstood: {say: no_such, at_most: 2, go: done}
    timeout: {after: 1 hour, go: lapsed}
  naming:
    collect: [name, day]
    filled: {go: baking}
    ask: how_long
    timeout: {after: 10 minutes, say: still_there}
  baking:
    do: bake
    outcomes: {done: {set: {size: null}, go: done}, burnt: {say: late, go: choosing}}
  done:
    say: [pizza, bye]
    misunderstood: {say: thanks}
    end: true
  lapsed:
    say: bye
    end: true
"""
CANCEL = """\
flow: cancel
include: common
initial: asking
states:
  asking:
    ask: really
    on: {yes: {say: cancelled, go: cancelled}, no: {go: kept}}
    timeout: {after: 30 minutes, go: kept}
  cancelled: {end: true}
  kept: {end: true}
"""

MakeTalk = Callable[..., Talk]


@pytest.fixture
def make(tmp_path: Path) -> MakeTalk:
    """A conversation with a shop; flow files may be other ones, ``edits`` change the shop's."""

    def talk(*edits: tuple[str, str], languages: tuple[str, ...] = ("id",), **files: str) -> Talk:
        shop = SHOP
        for old, new in edits:
            assert old in shop
            shop = shop.replace(old, new)
        given = {"common": COMMON, "shop": shop, "cancel": CANCEL} | files
        flows = flows_of(tmp_path, REPLIES, actions=[BAKE, LIST], languages=languages, **given)
        return Talk(flows)

    return talk


@pytest.fixture
def talk(make: MakeTalk) -> Talk:
    """A conversation with the shop, before the first message."""
    return make()


def choosing(talk: Talk) -> Talk:
    """Brought to the choice of a size."""
    talk.hear("order")
    talk.end("found", sizes=["small", "large"])
    return talk


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

    def test_later(self, talk: Talk) -> None:
        """The list can still be pointed at from the next state: a correction."""
        choosing(talk).hear("choose", option_number=1)
        talk.hear("none", option_number=2)
        assert talk.slots["size"] == "large"

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


class TestCalling:
    def test_there_and_back(self, talk: Talk) -> None:
        """A sub-flow ends, and the open question is put again where it was called."""
        choosing(talk)
        assert talk.hear("cancel") == "really"
        assert talk.where == "shop.choosing cancel.asking"
        assert talk.hear("no") == "which_size"
        assert talk.where == "shop.choosing"

    def test_step_for_an_end(self, make: MakeTalk) -> None:
        """The caller may say what follows each end."""
        always = "always:\n  cancel: {call: cancel, returned: {cancelled: {go: done}}}\n"
        talk = make(("states:\n", f"{always}states:\n"))
        choosing(talk)
        talk.hear("cancel")
        assert talk.hear("yes") == "cancelled pizza bye"
        assert talk.where == "shop.done"

    @pytest.mark.parametrize(
        "edit",
        [
            ("none: {say: gone, go: done}", "none: {call: cancel, returned: {kept: {say: late}}}"),
            ("none: {say: gone, go: done}", "none: {go: calling}"),
        ],
    )
    def test_called_by_any_step(self, make: MakeTalk, edit: tuple[str, str]) -> None:
        """Not only what is heard may call: an outcome, a filled form, what was not understood."""
        step = "{call: cancel, returned: {kept: {say: late, go: waiting}}}"
        talk = make(edit, ("  done:", f"  calling: {{filled: {step}}}\n  waiting: {{}}\n  done:"))
        talk.hear("order")
        assert talk.end("none") == "really"
        assert talk.hear("no").startswith("late")
        assert talk.where in {"shop.choosing", "shop.waiting"}

    def test_returned_step_that_calls(self, make: MakeTalk) -> None:
        """A step that follows a sub-flow may call the next."""
        other = CANCEL.replace("flow: cancel", "flow: again")
        then = "{call: cancel, returned: {kept: {go: done}}}"
        again = f"{{call: again, returned: {{kept: {then}}}}}"
        talk = make(("hello: {go: open}", f"hello: {again}"), again=other)
        talk.hear("hello")
        assert talk.hear("no") == "really"
        assert talk.where == "shop.open cancel.asking"
        assert talk.hear("no") == "pizza bye"

    def test_not_into_itself(self, talk: Talk) -> None:
        """A flow that is open is not opened again; its question is put again."""
        talk.hear("cancel")
        assert talk.hear("cancel") == "really"
        assert talk.where == "shop.open cancel.asking"

    def test_depth(self, make: MakeTalk) -> None:
        """Flows do not pile up for ever."""
        flows = {
            f"f{n}": f"flow: f{n}\ninitial: a\nmisunderstood: {{say: sorry}}\n"
            f"states: {{a: {{ask: really, on: {{deeper: {{call: f{n + 1}}}}}}}}}\n"
            for n in range(9)
        }
        flows["f9"] = (
            "flow: f9\ninitial: a\nmisunderstood: {say: sorry}\nstates: {a: {end: true}}\n"
        )
        talk = make(("hello: {go: open}", "deeper: {call: f0}"), **flows)
        for _ in range(9):
            assert talk.hear("deeper")
        assert len(talk.conversation.frames) == 5

    def test_slots_are_shared(self, talk: Talk) -> None:
        """What a sub-flow learns, all know."""
        choosing(talk).hear("cancel")
        talk.hear("no")
        assert talk.slots["sizes"] == ["small", "large"]


class TestTimers:
    def test_after(self, talk: Talk) -> None:
        """Silence is counted from the entry, to the minute."""
        choosing(talk)
        talk.hear("none")
        assert talk.wait(timedelta(minutes=59)) == ""
        assert talk.wait(timedelta(minutes=1)) == "bye"
        assert talk.where == "shop.lapsed"

    def test_once(self, talk: Talk) -> None:
        """A timer that stays rings once an entry."""
        choosing(talk).hear("choose", size="small")
        entry = talk.conversation.frame.entry
        assert talk.wait(timedelta(minutes=10)) == "still_there how_long"
        assert talk.wait(timedelta(days=1)) == ""
        assert talk.meet(TimerRang(entry)) == ""

    def test_of_an_older_entry(self, talk: Talk) -> None:
        """A timer of an entry that is no longer open is dropped."""
        choosing(talk)
        old = talk.conversation.frame.entry
        talk.hear("choose", size="small")
        before = talk.conversation
        assert talk.meet(TimerRang(old)) == ""
        assert talk.conversation == before

    def test_closes_what_was_called(self, talk: Talk) -> None:
        """The timer of a flow underneath ends what it had called."""
        choosing(talk)
        talk.now += timedelta(minutes=45)
        talk.hear("cancel")
        assert talk.conversation.timer.flow == "shop"
        assert talk.wait(timedelta(minutes=15)) == "bye"
        assert talk.where == "shop.lapsed"

    def test_of_a_sub_flow(self, talk: Talk) -> None:
        """The one that rings first rings."""
        choosing(talk).hear("cancel")
        assert talk.conversation.timer.flow == "cancel"
        assert talk.wait(timedelta(minutes=30)) == "which_size"

    def test_of_the_initial_state(self, make: MakeTalk) -> None:
        """The initial state's timer is set though its greeting is skipped."""
        talk = make(
            ("    ask: what_now", "    ask: what_now\n    timeout: {after: 1 hour, go: done}")
        )
        talk.hear("ask_menu")
        assert talk.wait(timedelta(hours=1)) == "pizza bye"

    def test_until(self, make: MakeTalk) -> None:
        """A timer may ring at a moment that a slot holds."""
        talk = make(
            ("burnt: {say: late, go: choosing}", "burnt: {go: lapsing}"),
            (
                "  lapsed:",
                "  lapsing: {ask: late, timeout: {until: loaves, go: lapsed}}\n  lapsed:",
            ),
        )
        choosing(talk).hear("choose", size="s", person_name="Ani", day="2026-12-01")
        assert talk.end("burnt", loaves=(NOW + timedelta(minutes=5)).isoformat()) == "late"
        assert talk.wait(timedelta(minutes=4)) == ""
        assert talk.wait(timedelta(minutes=1)) == "bye"

    def test_until_nothing(self, make: MakeTalk) -> None:
        """While that slot is empty it does not ring."""
        talk = make(
            ("timeout: {after: 1 hour, go: lapsed}", "timeout: {until: loaves, go: lapsed}")
        )
        choosing(talk)
        assert talk.conversation.timer is None


class TestEpisodes:
    def test_restart(self, talk: Talk) -> None:
        """Starting over forgets what was known, also from within a sub-flow."""
        choosing(talk).hear("cancel")
        assert talk.hear("restart") == "welcome what_now"
        assert (talk.where, talk.slots) == ("shop.open", {})

    def done(self, talk: Talk) -> Talk:
        """Brought to the end."""
        choosing(talk).hear("choose", size="s", person_name="Ani", day="2026-12-01")
        talk.end("done")
        assert talk.where == "shop.done"
        return talk

    def test_after_the_end(self, talk: Talk) -> None:
        """At the end a state still answers."""
        assert self.done(talk).hear("none") == "thanks"
        assert talk.hear("ask_menu") == "menu"

    def test_next_episode(self, talk: Talk) -> None:
        """What the initial state hears begins the next episode, with nothing known."""
        assert self.done(talk).hear("order") == ""
        assert (talk.action, talk.slots) == ("list_sizes", {})

    def test_next_episode_takes_in(self, talk: Talk) -> None:
        """What that message holds is known."""
        self.done(talk).hear("order", person_name="Ina")
        assert talk.slots == {"name": "Ina"}

    def test_an_end_without_an_answer(self, talk: Talk) -> None:
        """Where an end has nothing to say, anything not understood begins anew."""
        choosing(talk)
        talk.wait(timedelta(hours=1))
        assert talk.hear("none") == "welcome what_now"

    def test_root_changed(self, make: MakeTalk) -> None:
        """The next episode runs the flow that is then the venue's."""
        stall = SHOP.replace("flow: shop", "flow: stall").replace("say: welcome", "say: menu")
        talk = make(stall=stall)
        talk.hear("none")
        talk.conversation = replace(talk.conversation, root="stall")
        assert talk.hear("none") == "sorry what_now"
        assert talk.hear("restart") == "menu what_now"
        assert talk.where == "stall.open"


class TestAdopting:
    def edited(self, talk: Talk, make: MakeTalk, *edits: tuple[str, str]) -> Talk:
        """The same conversation on flows that staff have edited meanwhile."""
        other = make(*edits)
        other.conversation = talk.conversation
        return other

    def test_state_gone(self, talk: Talk, make: MakeTalk) -> None:
        """Where nothing stands any more the conversation begins again, knowing what it knew."""
        choosing(talk).hear("choose", size="small")
        talk = self.edited(talk, make, ("naming", "identifying"))
        assert talk.hear("none") == "welcome what_now"
        assert talk.slots["size"] == "small"

    def test_sub_flow_gone(self, talk: Talk) -> None:
        """So it does when a flow on the stack is gone."""
        talk.hear("cancel")
        talk.conversation = replace(
            talk.conversation,
            frames=(talk.conversation.frames[0], replace(talk.conversation.frame, flow="gone")),
        )
        assert talk.hear("none") == "welcome what_now"

    def test_timer_without_timeout(self, talk: Talk, make: MakeTalk) -> None:
        """A timer whose state has no timeout any more does no harm."""
        choosing(talk)
        talk = self.edited(talk, make, ("    timeout: {after: 1 hour, go: lapsed}\n", ""))
        assert talk.wait(timedelta(hours=2)) == ""
        assert talk.conversation.timer is None
        assert talk.hear("none") == "welcome what_now"


class TestLanguages:
    def test_switch(self, make: MakeTalk) -> None:
        """A language heard is spoken from that reply on."""
        talk = make(languages=("id", "en"))
        talk.hear("none")
        talk.hear("change_language", language="en")
        assert {saying.language for saying in talk.decision.says} == {"en"}
        talk.hear("none")
        assert {saying.language for saying in talk.decision.says} == {"en"}

    def test_not_spoken(self, make: MakeTalk) -> None:
        """A language nobody wrote replies for is not."""
        talk = make(languages=("id", "en"))
        talk.hear("change_language", language="nl")
        assert talk.conversation.language == "id"


class TestLoops:
    @pytest.mark.parametrize(
        "state",
        ["{filled: {go: round}}", "{filled: {call: cancel, returned: {kept: {go: round}}}}"],
    )
    def test_without_waiting(self, make: MakeTalk, state: str) -> None:
        """A flow that never waits is stopped, and the conversation stays where it was."""
        cancel = CANCEL.replace("    ask: really\n", "    filled: {go: kept}\n")
        talk = make(
            ("hello: {go: open}", "hello: {go: round}"), ("  done:", f"  round: {state}\n  done:"),
            cancel=cancel)  # fmt: skip
        talk.hear("none")
        with pytest.raises(LoopError, match="goes round without waiting"):
            talk.hear("hello")
        assert talk.hear("none") == "sorry what_now"


class TestExpecting:
    def expectation(self, talk: Talk) -> Expectation:
        """What the conversation waits for."""
        return talk.engine.expectation(talk.conversation)

    def test_before_the_first_message(self, talk: Talk) -> None:
        """The initial state's intents, nothing else."""
        expected = frozenset({"order", "hello", "shout"})
        assert self.expectation(talk) == Expectation("open", expected)

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


@pytest.mark.parametrize("name", ["send", "states", "model", "configuration", "on", "initial"])
def test_any_name_for_a_state(tmp_path: Path, name: str) -> None:
    """Words that mean something to the machinery are names like any other to staff."""
    flow = f"""\
    flow: shop
    initial: {name}
    misunderstood: {{say: sorry}}
    states:
      {name}: {{ask: hello, on: {{{name}: {{go: b}}}}}}
      b: {{say: bye, on: {{{name}: {{go: {name}}}}}}}
    """
    talk = Talk(flows_of(tmp_path, "hello sorry bye", shop=flow))
    assert talk.hear("none") == "hello"
    assert talk.hear(name) == "bye"
    assert talk.hear(name) == "hello"


def test_what_replies_may_speak_of(make: MakeTalk) -> None:
    """All slots, empty ones too; what was heard; and nothing of the last message afterwards."""
    talk = make()
    talk.hear("order", problems=[Problem("day", "past")], much=3)
    talk.end("none")
    variables = talk.decision.says[0].variables
    assert {"size", "name", "day", "sizes", "loaves"} <= variables.keys()
    assert variables["size"] is None
    assert (variables["heard"], variables["problems"], variables["example"]) == ({}, (), "")


def test_two_conversations_on_one_machine(talk: Talk) -> None:
    """Machines are shared by all conversations and keep nothing of them."""
    other = Talk(talk.engine.flows)
    choosing(talk)
    assert other.hear("none") == "welcome what_now"
    assert talk.hear("none") == "no_such which_size"
    assert isinstance(talk.engine.flows, FlowSet)


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
