"""What outlasts a turn: sub-flows, timers, episodes, and flows edited under a conversation."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.dialogue.deciding import LoopError
from bot.dialogue.events import Problem, TimerRang
from bot.dialogue.flowset import FlowSet
from tests.support.pizza import CANCEL, SHOP, MakeTalk, choosing
from tests.support.talk import NOW, Talk, flows_of


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

    def test_what_is_still_open(self, make: MakeTalk) -> None:
        """What is heard everywhere on a condition that holds answers that, and begins nothing."""
        answers = "always:\n  order: {when: name, say: really, set: {name: null}}\n"
        talk = self.done(make(("initial: open\n", f"initial: open\n{answers}")))
        assert talk.hear("order") == "really"
        assert talk.where == "shop.done"
        assert talk.hear("order") == ""
        assert talk.where == "shop.choosing"

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
        assert {saying.replies.language for saying in talk.decision.says} == {"en"}
        talk.hear("none")
        assert {saying.replies.language for saying in talk.decision.says} == {"en"}

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
