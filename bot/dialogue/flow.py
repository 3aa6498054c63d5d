"""What a flow file says: the language staff write, as values.

A flow is a statechart in words. A **state** says something, may ask something, may do something,
and lists what it listens to; a **step** is what then happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from bot.dialogue.duration import Duration
from bot.dialogue.expression import Condition, Value
from bot.document import Part

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""Lower-case words joined by ``_``; names of flows, states, slots, intents and replies."""


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str | Mapping | BaseModel) else value


Names = Annotated[tuple[Name, ...], BeforeValidator(_as_list)]
"""One name or a list of names."""

LeftOut = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}(\.[a-z][a-z0-9_]{0,63})?$")
]
"""A state, or an intent that a state hears: ``confirming.choose_option``."""


class Call(Part):
    """A sub-flow with arguments and results.

    Args:
        flow: which one.
        given: what its slots hold when it begins: ``"{{ expression }}"`` or a literal (key
            ``with``).
        into: slots here that its slots are copied into when it has ended.
    """

    flow: Name
    given: Mapping[Name, Value] = Field(default={}, alias="with")
    into: Mapping[Name, Name] = {}


def _as_call(value: object) -> object:
    return {"flow": value} if isinstance(value, str) else value


class Step(Part):
    """What happens when something is heard, or an action has ended.

    In this order: slots are set, the replies said, then one of: run an action, call a sub-flow,
    start over, or go to another state. A step that does none of these stays in the state, and
    its question is asked again. What a step forgets (sets to null) its replies still know.

    Args:
        when: guard: the step is taken only if this expression over slots and ``heard`` holds.
        set: slot values; ``"{{ expression }}"`` over slots and ``heard`` entities, or a literal;
            null forgets the slot once the step's replies are said.
        say: replies, in order.
        do: action to run; its outcome is handled by the state's ``outcomes``.
        call: sub-flow to run, its name or with arguments and results; it returns here.
        returned: steps for the sub-flow's end states; one not listed returns to the open question.
        restart: forget the slots and start the root flow again.
        go: the next state.
        at_most: how often, since the state was entered, the step stays and says; after that it
            only goes where ``go`` says.
    """

    when: Condition | None = None
    set: Mapping[Name, Value] = {}
    say: Names = ()
    do: Name | None = None
    call: Annotated[Call | None, BeforeValidator(_as_call)] = None
    returned: Mapping[Name, Steps] = {}
    restart: bool = False
    go: Name | None = None
    at_most: int | None = Field(default=None, ge=1, le=20)

    @property
    def called(self) -> str:
        """The sub-flow it runs, or nothing."""
        return self.call.flow if self.call else ""


Steps = Annotated[tuple[Step, ...], BeforeValidator(_as_list)]
"""One step, or several of which the first whose guard holds is taken."""


class Timeout(Step):
    """What happens when nothing was heard for long enough; of several, the first says how long.

    Args:
        after: how long after the state was entered.
        until: or the slot holding the moment (ISO 8601, with zone).
    """

    after: Duration | None = None
    until: Name | None = None


class Remind(Part):
    """A word after some silence; whoever was asked is still asked.

    Args:
        after: how long after the state was entered.
        say: replies, in order.
    """

    after: Duration
    say: Names = Field(min_length=1)


Reminds = Annotated[tuple[Remind, ...], BeforeValidator(_as_list)]
Timeouts = Annotated[tuple[Timeout, ...], BeforeValidator(_as_list)]


class State(Part):
    """One place in the conversation.

    Args:
        say: replies said on entering.
        do: action run on entering, after ``say``.
        ask: the open question; asked when entering has ended here, and again after every answer
            that stays in this state.
        collect: slots this state fills, whatever the order and number of messages.
        filled: the step taken once all of ``collect`` is known, also at once on entering.
        options: slot that "number 3" fills, and the slot holding the list it is counted in.
        outcomes: steps for the outcomes of this state's actions.
        leave: action run when the state is left, by whatever way, before the next one says
            anything; it has one outcome and steers nothing.
        on: steps for intents heard here.
        misunderstood: step for what was not understood here.
        remind: what to say while nothing is heard, each once.
        timeout: step for silence.
        end: the flow is over here: a sub-flow returns, an episode has ended.
    """

    say: Names = ()
    do: Name | None = None
    ask: Name | None = None
    collect: Names = ()
    filled: Steps = ()
    options: Mapping[Name, Name] = Field(default={}, max_length=1)
    outcomes: Mapping[Name, Steps] = {}
    leave: Name | None = None
    on: Mapping[Name, Steps] = {}
    misunderstood: Steps = ()
    remind: Reminds = ()
    timeout: Timeouts = ()
    end: bool = False


class Slot(Part):
    """Something to know about the applicant.

    Args:
        type: what kind of value it holds.
        ask: the reply that asks for it when it alone is missing.
        check: expression over ``value`` and the slots; a value for which it does not hold never
            fills the slot.
        wrong: the reply to a value that is refused, by ``check`` or by its type; it may speak of
            ``refused.value``. After it the slot is asked for again.
        choices: what a slot of the type ``choice`` may hold.
        own: known only while a called flow is open; what its caller has under this name is set
            aside and comes back.
    """

    type: Name
    ask: Name | None = None
    check: Condition | None = None
    wrong: Name | None = None
    choices: tuple[str, ...] = ()
    own: bool = False


class Shared(Part):
    """The part of a flow file that several flows include.

    Args:
        slots: by name.
        always: steps for intents heard in every state.
        misunderstood: step for what no state understood.
        unsure: step for what may mean several things; its reply offers them (``meanings``), and
            the open question waits. After that, what is unclear still is ``misunderstood``.
    """

    slots: Mapping[Name, Slot] = {}
    always: Mapping[Name, Steps] = {}
    misunderstood: Steps = ()
    unsure: Steps = ()


class Migration(Part):
    """What has become of states and slots that older versions of a flow had.

    Args:
        states: ``{old: new}``; who stood in the old state stands in the new one.
        slots: ``{old: new}``; what the old slot held, the new one holds.
    """

    states: Mapping[Name, Name] = {}
    slots: Mapping[Name, Name] = {}


class Flow(Shared):
    """A flow file.

    Args:
        flow: its name, the file's name without ``.yml``.
        include: file whose :class:`Shared` parts count as written here; this file's own win.
        based_on: flow that this one is but for what is written here: slots, answers and states
            come from there, a state written here too takes from there the keys it does not have,
            and of ``on`` and ``outcomes`` each entry.
        without: states of that flow which this one leaves out, or what one of them hears:
            `confirming.choose_option`.
        initial: the state an episode begins in.
        migrate: where conversations go on that began on a version which is gone.
    """

    flow: Name
    include: Name | None = None
    based_on: Name | None = None
    without: Annotated[tuple[LeftOut, ...], BeforeValidator(_as_list)] = ()
    initial: Name
    migrate: Migration = Migration()
    states: Mapping[Name, State] = Field(min_length=1)

    def including(self, shared: Shared) -> Flow:
        """The flow with the included parts."""
        return self.model_copy(
            update={
                "slots": {**shared.slots, **self.slots},
                "always": merged(self.always, shared.always),
                "misunderstood": self.misunderstood + shared.misunderstood,
                "unsure": self.unsure + shared.unsure,
            }
        )


def merged(nearer: Mapping[str, Steps], wider: Mapping[str, Steps]) -> dict[str, Steps]:
    """Steps by event; those written nearer come first."""
    return {
        event: nearer.get(event, ()) + wider.get(event, ())
        for event in dict.fromkeys([*nearer, *wider])
    }
