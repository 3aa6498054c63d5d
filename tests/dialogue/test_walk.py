"""Whatever happens to the shipped flows, in whatever order, the bot stays on its feet."""

import asyncio
import re
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.booking.seats import SeatState
from bot.definitions import Definitions
from tests.support.projects import SHIPPED, Project
from tests.support.steps import GoOn, Say, Step, steps_of
from tests.support.walking import Walk, crashes
from tests.support.wandering import wander

AHEAD, LENGTH = 9, 24
"""Steps of a walk at most: first as people go who know what they want, then any."""

BESIDE = frozenset({"erase"})
"""Questions that "batal" answers, and then leads back to what was under way."""

OFFICES = {
    "passport": ("jakarta_pusat", "bogor", "makassar"),  # cancels, never does, another zone
    "clinic": ("clinic",),
    "template": ("main",),
}


@pytest.fixture(scope="module", params=SHIPPED)
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shipped project."""
    return Project.copied(request.param, tmp_path_factory.mktemp("walk") / request.param)


@pytest.fixture(scope="module")
def editions(project: Project) -> Sequence[Definitions]:
    """The project as it is, and as it is after an edit of all its flows."""
    before = project.load()
    for path in project.files():
        text = path.read_text("utf-8")
        if path.parent == project.flows and path.name != "offices.yml":
            text = re.sub(r"\b(identifying|confirming|asking|looking)\b", r"\1_now", text)
        path.write_text(text + "\n# edited\n", encoding="utf-8")
    return before, project.load()


@pytest.mark.parametrize(
    "examples", [40, pytest.param(600, marks=pytest.mark.long)], ids=["some", "many"]
)
def test_any_steps(project: Project, editions: Sequence[Definitions], examples: int) -> None:
    """After any steps the bot has met no error, stands somewhere, has answered every message with
    something WhatsApp takes, and lets the person cancel and begin again.
    """

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],  # to explain would mean to trace, four times slower
    )
    @given(data=st.data())
    def any_walk(data: st.DataObject) -> None:
        office = data.draw(st.sampled_from(OFFICES[project.name]), "office")
        language = data.draw(st.sampled_from(["halo", "english"]), "language")
        ahead = data.draw(st.integers(0, AHEAD), "ahead")
        any_step = steps_of(editions[0].flows, len(editions))
        steps = data.draw(st.lists(any_step, min_size=4, max_size=LENGTH), "steps")
        with crashes() as met:
            walk = Walk(editions, project.settings, office, met)
            asyncio.run(_through(walk, [Say(language), *[GoOn()] * ahead, *steps]))

    any_walk()


@pytest.mark.parametrize("seed", range(4))
def test_any_outcome(editions: Sequence[Definitions], seed: int) -> None:
    """The engine stays on its feet also when actions end as they never would in the same place."""
    assert wander(editions[0], Random(seed), events=40) > 40


async def _through(walk: Walk, steps: Sequence[Step]) -> None:
    for step in steps:
        await walk.take(step)
    await _cancels(walk)
    await _begins_again(walk)


async def _cancels(walk: Walk) -> None:
    """Saying "batal" ends what is under way, or asks first; whoever says no then keeps all."""
    before = walk.taken()
    if (await walk.conversation()).frame.flow in BESIDE:
        await walk.say("batal")
        assert (await walk.conversation()).frame.flow not in BESIDE
    await walk.say("batal")
    if await _asks(walk):
        assert walk.taken() == before
        await walk.say("tidak")
        assert not await _asks(walk)
        assert walk.taken() == before
        await walk.say("batal")
        await walk.say("ya")
        assert not await _asks(walk)
        assert walk.taken() == {}
    else:  # the way itself is left, or its office lets nobody cancel the booking
        assert await _has_ended(walk) or (walk.taken() == before != {})


async def _begins_again(walk: Walk) -> None:
    """Saying "mulai lagi" leads to the beginning; a seat held is free then, a booking stays."""
    before = walk.taken()
    await walk.say("mulai lagi")
    conversation = await walk.conversation()
    (frame,) = conversation.frames
    assert frame.state == walk.flows.flows[frame.flow].initial
    assert not {name for name in ("name", "birth_date", "hold") if conversation.slots.get(name)}
    assert walk.taken() == {k: v for k, v in before.items() if v is SeatState.BOOKED}


async def _asks(walk: Walk) -> bool:
    """Whether it stands at the question whether to cancel."""
    frame = (await walk.conversation()).frame
    return frame.flow == "cancel" and not walk.flows.flows["cancel"].states[frame.state].end


async def _has_ended(walk: Walk) -> bool:
    """Whether the episode is over."""
    (frame,) = (await walk.conversation()).frames
    return walk.flows.flows[frame.flow].states[frame.state].end
