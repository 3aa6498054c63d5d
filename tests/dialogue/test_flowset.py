"""A folder of flows: versions, and that any folder is a flow set or a list of findings."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.booking import actions as booking_actions
from bot.dialogue.actions import actions_in
from bot.dialogue.flowset import load_flows
from bot.errors import FlowError
from tests.support.talk import flows_of, write_flows

FLOWS = Path(__file__).parents[2] / "flows"
FILES = sorted([*FLOWS.glob("*.yml"), *FLOWS.glob("replies/*.yml")])
ACTIONS = actions_in(booking_actions)
SHOP = "{flow: shop, initial: a, misunderstood: {}, states: {a: {}}}"


def test_shipped() -> None:
    """The flows that are delivered are sound in both languages."""
    flows = load_flows(FLOWS, ["id", "en"], ACTIONS)
    assert {"passport_guided", "cancel", "status"} <= flows.flows.keys()
    assert list(flows.replies) == ["id", "en"]


def test_version(tmp_path: Path) -> None:
    """The version is the content: the same for the same files, another for any change."""
    first = flows_of(tmp_path, "hello", shop=SHOP).version
    assert flows_of(tmp_path, "hello", shop=SHOP).version == first
    assert flows_of(tmp_path, "hello bye", shop=SHOP).version != first
    assert flows_of(tmp_path, "hello", shop=SHOP + "\n# a note").version != first


def test_a_language_no_longer_spoken(tmp_path: Path) -> None:
    """Who spoke it is answered in the first language."""
    flows = flows_of(tmp_path, languages=["id", "en"], shop=SHOP)
    assert flows.replies_in("en").language == "en"
    assert flows.replies_in("nl").language == "id"


def test_a_language_nobody_knows(tmp_path: Path) -> None:
    """A language must have a calendar."""
    with pytest.raises(FlowError, match=r"replies/xx\.yml:1:1: no language 'xx'"):
        flows_of(tmp_path, languages=["xx"], shop=SHOP)


def check_or_load(folder: Path) -> None:
    """Load a folder; findings are as good as flows, anything else is not."""
    try:
        load_flows(folder, ["id", "en"], ACTIONS)
    except FlowError as error:
        assert error.findings  # noqa: PT017
        assert all(finding.place.file.startswith(str(folder)) for finding in error.findings)  # noqa: PT017


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped flows, to be spoiled."""
    return Path(shutil.copytree(FLOWS, tmp_path_factory.mktemp("flows"), dirs_exist_ok=True))


def lines_of(path: Path) -> list[str]:
    """The lines of a file, those of replies shortened to what is quickly read."""
    return path.read_text(encoding="utf-8").splitlines()[:60]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_spoiled(copy: Path, data: st.DataObject) -> None:
    """Lines lost, doubled, swapped, cut short or mixed up: findings or flows, never a traceback."""
    original = data.draw(st.sampled_from([f for f in FILES if f.name != "offices.yml"]))
    lines = lines_of(original)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["lose", "double", "swap", "cut", "type", "indent"])):
            case "lose":
                lines[at] = ""
            case "double":
                lines.insert(at, lines[at])
            case "swap":
                other = data.draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], lines[at]
            case "cut":
                lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))]
            case "type":
                column = data.draw(st.integers(0, len(lines[at])))
                typed = data.draw(st.text(alphabet="{}[]:,&*!|>%'\"#- \tä\x07a1", max_size=3))
                lines[at] = lines[at][:column] + typed + lines[at][column:]
            case "indent":
                lines[at] = "  " + lines[at]
    spoiled = copy / original.relative_to(FLOWS)
    try:
        spoiled.write_text("\n".join(lines), encoding="utf-8")
        check_or_load(copy)
    finally:
        shutil.copy(original, spoiled)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.binary(max_size=60))
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    """So it is with any bytes at all."""
    write_flows(tmp_path, languages=["id", "en"], shop=SHOP)
    (tmp_path / "stall.yml").write_bytes(content)
    check_or_load(tmp_path)
