"""Whatever happens to the shipped flows, in whatever order, the bot stays on its feet."""

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.booking.seats import SeatState
from bot.checked import checked_definitions
from bot.definitions import Definitions, load_published
from bot.dialogue.versions import Files, files_in
from tests.support.projects import SHIPPED, Project
from tests.support.steps import Deploy, GoOn, Say, Step, steps_of
from tests.support.walking import Walk, crashes
from tests.support.wandering import wander

AHEAD, LENGTH = 9, 24
"""Steps of a walk at most: first as people go who know what they want, then any."""

OFFICES = {
    "passport": ("jakarta_pusat", "bogor", "makassar"),  # cancels, never does, another zone
    "clinic": ("clinic",),
    "template": ("main",),
}


@pytest.fixture(scope="module", params=SHIPPED)
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shipped project."""
    return Project.copied(request.param, tmp_path_factory.mktemp("walk") / request.param)


@dataclass(frozen=True)
class Edition:
    """A project at some time, read, and its files as they are published."""

    definitions: Definitions
    files: Files

    @classmethod
    def of(cls, project: Project) -> "Edition":
        """The project as it is now."""
        flows = project.settings.flows
        return cls(project.load(), files_in(flows.folder, flows.languages))


@pytest.fixture(scope="module")
def both(project: Project) -> Sequence[Edition]:
    """The project as it is, and as it is after an edit of all its flows."""
    before = Edition.of(project)
    for path in project.files():
        text = path.read_text("utf-8")
        if path.parent == project.flows and path.name != "offices.yml":
            text = re.sub(r"\b(identifying|confirming|asking|looking)\b", r"\1_now", text)
        path.write_text(text + "\n# edited\n", encoding="utf-8")
    return before, Edition.of(project)


@pytest.fixture(scope="module")
def editions(both: Sequence[Edition]) -> Sequence[Definitions]:
    """Both, read."""
    return [edition.definitions for edition in both]


@pytest.fixture(scope="module")
def read_once(both: Sequence[Edition]) -> Iterator[None]:
    """Publications are read once for all walks; to read them takes longer than to walk."""
    assert both

    def remembering(read: Callable[..., Any], at: int) -> Callable[..., Any]:
        known: dict[tuple[tuple[str, str], ...], Any] = {}

        def remember(*given: Any) -> Any:
            files = tuple(sorted(given[at].items()))
            if files not in known:
                known[files] = read(*given)
            return known[files]

        return remember

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.library.load_published", remembering(load_published, 0))
        patch.setattr("bot.app.checked_definitions", remembering(checked_definitions, 1))
        yield


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


@pytest.mark.usefixtures("read_once")
@pytest.mark.parametrize("examples", [25], ids=["some"])
def test_any_steps_on_an_older_version(
    project: Project, both: Sequence[Edition], examples: int
) -> None:
    """So it is for who stands on an older version while another is published, goes back to it or
    begins anew on the newest, whichever process answers.
    """
    editions, files = [e.definitions for e in both], [e.files for e in both]
    pinned = []

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
    )
    @given(data=st.data())
    def any_walk(data: st.DataObject) -> None:
        office = data.draw(st.sampled_from(OFFICES[project.name]), "office")
        ahead = data.draw(st.integers(0, AHEAD), "ahead")
        any_step = steps_of(editions[0].flows, len(editions))
        steps = data.draw(st.lists(any_step, min_size=4, max_size=LENGTH), "steps")
        with crashes() as met:
            walk = Walk(editions, project.settings, office, met, published=files)
            begun = [Deploy(0), Say("halo"), *[GoOn()] * ahead, Deploy(1)]
            asyncio.run(_through(walk, [*begun, *steps]))
        pinned.append(walk.pinned)

    any_walk()
    assert sum(map(bool, pinned)) > examples / 2


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
    """Saying "batal" ends what is under way, or asks first; whoever says no then keeps all. At a
    question asked by the way, as whether to erase one's data, it ends that.
    """
    before, high = walk.taken(), len((await walk.conversation()).frames)
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
        left = len((await walk.conversation()).frames) < high
        assert left or await _has_ended(walk) or (walk.taken() == before != {})


async def _begins_again(walk: Walk) -> None:
    """Saying "mulai lagi" leads to the beginning; a seat held is free then, a booking stays."""
    before = walk.taken()
    await walk.say("mulai lagi")
    conversation = await walk.conversation()
    (frame,) = conversation.frames
    flows = walk.flows_of(conversation).flows
    assert frame.state == flows[frame.flow].initial
    assert not {name for name in ("name", "birth_date", "hold") if conversation.slots.get(name)}
    assert walk.taken() == {k: v for k, v in before.items() if v is SeatState.BOOKED}


async def _asks(walk: Walk) -> bool:
    """Whether it stands at the question whether to cancel."""
    conversation = await walk.conversation()
    frame, flows = conversation.frame, walk.flows_of(conversation).flows
    return frame.flow == "cancel" and not flows["cancel"].states[frame.state].end


async def _has_ended(walk: Walk) -> bool:
    """Whether the episode is over."""
    conversation = await walk.conversation()
    frame = conversation.frame
    return (
        len(conversation.frames) == 1
        and walk.flows_of(conversation).flows[frame.flow].states[frame.state].end
    )
