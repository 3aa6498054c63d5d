from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.booking import actions as booking_actions
from bot.cli import cli
from bot.dialogue.actions import actions_in
from bot.dialogue.diagram.chart import EVERYWHERE, RESTART, Chart, Label, chart_of
from bot.dialogue.diagram.graph import Edge, Size
from bot.dialogue.diagram.layout import layout_of
from bot.dialogue.diagram.mermaid import mermaid
from bot.dialogue.diagram.ordering import crossings
from bot.dialogue.diagram.ranking import ranks_of, upward
from bot.dialogue.diagram.svg import svg
from bot.dialogue.flow import Flow
from bot.dialogue.flowset import load_flows

FLOWS = Path(__file__).parents[2] / "flows"
SHIPPED = load_flows(FLOWS, ["id", "en"], actions_in(booking_actions)).flows
SVG = "{http://www.w3.org/2000/svg}"


def small(states: dict[str, Any], **more: Any) -> Chart:
    """The chart of a flow that begins in its first state."""
    written = {"flow": "small", "initial": next(iter(states)), "states": states, **more}
    return chart_of(Flow.model_validate(written))


def arrows(chart: Chart) -> dict[tuple[str, str], list[str]]:
    """What leads from where to where."""
    return {(a.source, a.target): [label.text for label in a.labels] for a in chart.arrows}


def words_in(picture: str) -> list[str]:
    """Every text of an SVG picture."""
    return ["".join(text.itertext()) for text in ET.fromstring(picture).iter(f"{SVG}text")]  # noqa: S314 - our own picture


def test_events_between_the_same_states_share_an_arrow() -> None:
    """One arrow, a label for each event, in the order of the file."""
    chart = small(
        {
            "a": {
                "on": {"yes": {"go": "b"}, "no": {"go": "b"}},
                "timeout": {"after": "2 hours", "go": "b"},
            },
            "b": {"end": True},
        }
    )
    assert arrows(chart) == {("a", "b"): ["yes", "no", "timeout 2 hours"]}


def test_events_are_named_in_the_words_of_the_file() -> None:
    """Outcomes, collected data, limits and moments are told apart."""
    chart = small(
        {
            "a": {
                "do": "find",
                "outcomes": {"found": {"go": "b"}},
                "collect": ["name"],
                "filled": {"go": "c"},
                "misunderstood": {"say": "help", "at_most": 3, "go": "d"},
                "timeout": {"until": "hold_until", "go": "e"},
            },
            **{name: {"end": True} for name in "bcde"},
        }
    )
    found, known, lost, late = (arrow.labels[0] for arrow in chart.arrows)
    assert found == Label("found", outcome=True)
    assert known.text == "all known"
    assert lost.text == "misunderstood > 3 times"
    assert late.text == "timeout at hold_until"
    assert chart.boxes[0].does == "find"


def test_what_stays_and_what_is_done_is_an_arrow_to_itself() -> None:
    """A step without a way stays; an action under `on` is named beside its event."""
    chart = small({"a": {"on": {"ask": {"say": "answer"}, "pay": {"do": "charge"}}}})
    (arrow,) = chart.arrows
    assert (arrow.source, arrow.target) == ("a", "a")
    assert arrow.labels == (Label("ask"), Label("pay", does="charge"))


def test_what_is_done_on_entering_and_leaving() -> None:
    """Both stand in the state's box."""
    chart = small({"a": {"do": "look", "leave": "lock"}, "b": {"leave": "lock"}, "c": {}})
    assert [box.does for box in chart.boxes] == ["look, leaving: lock", "leaving: lock", ""]


def test_what_every_state_hears_is_told_once() -> None:
    """`always` is a list beside the drawing, not an arrow from everywhere."""
    chart = small(
        {"a": {"on": {"yes": {"go": "b"}}}, "b": {"end": True}},
        always={
            "help": {"say": "help"},
            "thanks": {"say": "welcome"},
            "cancel": {"call": "cancel", "returned": {"cancelled": {"go": "b"}}},
            "again": {"restart": True},
        },
    )
    assert arrows(chart) == {("a", "b"): ["yes"]}
    assert chart.everywhere == (
        "cancel → flow cancel",
        "cancel, then cancelled → b",
        "again → start over",
        "only answered: help, thanks",
    )


def test_a_state_that_only_always_leads_to_is_not_left_hanging() -> None:
    """It gets an arrow from "in every state"."""
    chart = small({"a": {}, "b": {"end": True}}, always={"stop": {"go": "b"}})
    assert arrows(chart) == {(EVERYWHERE, "b"): ["stop"]}


def test_sub_flows_are_boxes_on_the_way() -> None:
    """A call leads to the sub-flow, and its end states on from there."""
    chart = small(
        {
            "a": {"on": {"pay": {"call": "payment", "returned": {"paid": {"go": "b"}}}}},
            "b": {"on": {"again": {"restart": True}}},
        }
    )
    assert arrows(chart) == {
        ("a", "a payment"): ["pay"],
        ("a payment", "b"): ["paid"],
        ("b", RESTART): ["again"],
    }
    assert "stroke-dasharray" in svg(chart)
    assert 'state "flow payment"' in mermaid(chart)


def test_what_recordings_missed_is_coloured() -> None:
    """States and events are marked one by one; without recordings nothing is."""
    flow = SHIPPED["cancel"]
    missed = {"unanswered", "asking: intent.reject", "asking: misunderstood, too often"}
    chart = chart_of(flow, missed)
    by_name = {box.name: box.exercised for box in chart.boxes}
    assert by_name["unanswered"] is False
    assert by_name["asking"] is True
    marked = {
        (arrow.source, label.text): label.exercised
        for arrow in chart.arrows
        for label in arrow.labels
    }
    assert marked["asking", "reject"] is False
    assert marked["asking", "approve"] is True
    assert marked["asking", "misunderstood > 2 times"] is False
    assert 'class="bad"' in svg(chart)
    assert "missed" in mermaid(chart)
    assert 'class="bad"' not in svg(chart_of(flow))
    assert "missed" not in mermaid(chart_of(flow))


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_flows_are_drawn_whole(name: str) -> None:
    """The picture is well-formed and shows every state, action and event of its chart."""
    chart = chart_of(SHIPPED[name])
    words = words_in(svg(chart))
    assert set(SHIPPED[name].states) <= set(words)
    assert {state.do for state in SHIPPED[name].states.values() if state.do} <= set(words)
    shown = " ".join(words)
    for arrow in chart.arrows:
        for label in arrow.labels:
            assert label.text in shown
    lines = mermaid(chart).splitlines()
    assert lines[3] == "stateDiagram-v2"
    assert sum(" --> " in line for line in lines) == len(chart.arrows) + 1 + sum(
        box.end for box in chart.boxes
    )


def test_a_picture_follows_the_readers_colours() -> None:
    """Light and dark are both in the file, which needs nothing from elsewhere."""
    picture = svg(chart_of(SHIPPED["status"]))
    assert "prefers-color-scheme: dark" in picture
    assert "href" not in picture
    assert "url(" not in picture


def test_text_cannot_break_out() -> None:
    """What stands in a chart is shown, whatever it means to SVG or Mermaid."""
    nasty = Label('a<b & "c"; d: #1', guard="x < 3", does="--> y")
    chart = small({"a": {"on": {"x": {"go": "b"}}}, "b": {}})
    (arrow,) = chart.arrows
    chart = Chart(
        "t<", chart.boxes, (type(arrow)(arrow.source, arrow.target, (nasty,)),), ("e: <i>",)
    )
    assert 'a<b & "c"; d: #1 [x < 3] / --> y' in words_in(svg(chart))
    line = next(line for line in mermaid(chart).splitlines() if "s0_a --> s1_b" in line)
    told = line.partition(": ")[2].replace("<i>", "").replace("</i>", "")
    assert not set(told) & set('<>"')
    assert " --#62; y" in told


names = st.sampled_from("abcdefghij")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(names, names).filter(lambda ends: ends[0] != ends[1]), unique=True))
def test_a_layout_covers_nothing(pairs: list[tuple[str, str]]) -> None:
    """Whatever leads where: no two boxes overlap, and every line goes from border to border."""
    nodes = {name: Size.centred(90, 40) for name in "abcdefghij"}
    edges = [Edge(*ends, Size.centred(50, 19)) for ends in pairs]
    layout = layout_of(nodes, edges)
    boxes = sorted(layout.nodes.values(), key=lambda at: (at[1], at[0]))
    for (x, y), (other_x, other_y) in pairwise(boxes):
        assert y != other_y or other_x - x >= 90
    labels = sorted((route.label[1], route.label[0]) for route in layout.routes)
    for (y, x), (other_y, other_x) in pairwise(labels):
        assert abs(y - other_y) >= 19 or abs(other_x - x) >= 50
    for edge, route in zip(edges, layout.routes, strict=True):
        for name, point in ((edge.source, route.points[0]), (edge.target, route.points[-1])):
            x, top = layout.nodes[name]
            assert abs(point[0] - x) <= 45
            assert point[1] in (top, top + 40)
    assert all(45 <= x <= layout.width - 45 for x, _ in layout.nodes.values())


@given(st.lists(st.tuples(names, names).filter(lambda ends: ends[0] != ends[1]), unique=True))
def test_every_other_edge_leads_down(pairs: list[tuple[str, str]]) -> None:
    """Once the edges that close circles are turned, every edge leads at least two ranks down."""
    edges = [Edge(*ends, Size.centred(1, 1)) for ends in pairs]
    turned = upward("abcdefghij", edges)
    down = [ends[::-1] if at in turned else ends for at, ends in enumerate(pairs)]
    ranks = ranks_of("abcdefghij", down)
    assert all(ranks[lower] - ranks[upper] >= 2 for upper, lower in down)


def test_crossings_are_counted() -> None:
    """Two lines that cross count one; lines that share an end do not cross."""
    below = {"a": ["x", "y"], "b": ["x"]}
    assert crossings([["a", "b"], ["x", "y"]], below) == 1
    assert crossings([["b", "a"], ["x", "y"]], below) == 0


@pytest.mark.parametrize(
    ("arguments", "begins"),
    [(["status"], "---\ntitle: status\n"), (["status", "--format", "svg"], "<svg ")],
)
def test_the_command_prints(arguments: list[str], begins: str) -> None:
    """Mermaid by default, SVG when asked for."""
    result = CliRunner().invoke(cli, ["flows", "draw", *arguments])
    assert result.output.startswith(begins)


def test_the_command_writes(tmp_path: Path) -> None:
    """A file for one flow, whose name says the form; a folder for all."""
    run = CliRunner().invoke
    one, all_ = tmp_path / "one.svg", tmp_path / "all"
    assert run(cli, ["flows", "draw", "status", "-o", str(one)]).exit_code == 0
    assert one.read_text().startswith("<svg ")
    assert run(cli, ["flows", "draw", "-o", str(all_)]).exit_code == 0
    assert {path.name for path in all_.iterdir()} == {f"{name}.mmd" for name in SHIPPED}


def test_an_unknown_flow_is_named() -> None:
    """A slip in the name is told with the name that was meant."""
    result = CliRunner().invoke(cli, ["flows", "draw", "statsu"])
    assert result.exit_code == 1
    assert "did you mean 'status'?" in str(result.exception)
