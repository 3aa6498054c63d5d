import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.booking import actions as booking_actions
from bot.cli import cli
from bot.dialogue.actions import actions_in
from bot.dialogue.flowset import load_flows
from bot.errors import AntreError, ConfigError, Finding
from bot.scaffold import new_flow

FLOWS = Path(__file__).parents[1] / "flows"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped flows."""
    return Path(shutil.copytree(FLOWS, tmp_path / "flows"))


def bare(folder: Path, replies: str) -> Path:
    """A folder with nothing but one reply file."""
    (folder / "replies").mkdir(parents=True)
    (folder / "replies" / "id.yml").write_text(replies)
    return folder


def contents(folder: Path) -> dict[Path, bytes]:
    """Every file of a folder."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_new_flow_passes_the_check(folder: Path) -> None:
    """A flow just begun can be served as it is, beside those there are."""
    new_flow("visa_extension", folder)
    flows = load_flows(folder, ["id", "en"], actions_in(booking_actions))
    assert "visa_extension" in flows.flows
    assert flows.flows["visa_extension"].include == "common"


def test_it_is_written_and_said_in_every_language(folder: Path) -> None:
    """The flow comes first; each language gets the same keys, in its own words."""
    written = new_flow("visa", folder)
    assert [path.relative_to(folder).as_posix() for path in written] == [
        "visa.yml",
        "replies/en.yml",
        "replies/id.yml",
    ]
    indonesian, english = (written[at].read_text(encoding="utf-8") for at in (2, 1))
    assert 'visa_accepted: "Baik, terima kasih."' in indonesian
    assert 'visa_accepted: "All right, thank you."' in english


def test_what_was_there_stays_byte_for_byte(folder: Path) -> None:
    """Comments, quotes and line breaks of the reply files are not touched."""
    before = contents(folder)
    new_flow("visa", folder)
    for path, content in before.items():
        assert path.read_bytes().startswith(content.rstrip(b"\n")), path.name


def test_it_works_without_a_file_to_include(tmp_path: Path) -> None:
    """A new project has no common.yml: the flow then says itself what the answer is."""
    folder = bare(tmp_path / "flows", "apology: Maaf.\n")
    new_flow("first", folder)
    flow = load_flows(folder, ["id"], {}).flows["first"]
    assert flow.include is None
    assert flow.misunderstood is not None


@pytest.mark.parametrize("name", ["passport_guided", "offices", "common"])
def test_nothing_is_overwritten(folder: Path, name: str) -> None:
    """A name that is taken is refused, and nothing changes."""
    before = contents(folder)
    with pytest.raises(ConfigError, match="is there already"):
        new_flow(name, folder)
    assert contents(folder) == before


@pytest.mark.parametrize("name", ["Visa", "visa-extension", "../visa", "1st", "", "vísa"])
def test_names_are_plain(folder: Path, name: str) -> None:
    """A name that no flow could be called by is refused, and nothing changes."""
    before = contents(folder)
    with pytest.raises(ConfigError, match="small letters"):
        new_flow(name, folder)
    assert contents(folder) == before


def test_replies_in_use_are_kept(folder: Path) -> None:
    """A reply that has the name of a new one stops it, with its place, before anything is done."""
    english = folder / "replies" / "en.yml"
    english.write_text(english.read_text(encoding="utf-8") + "visa_declined: No.\n")
    before = contents(folder)
    with pytest.raises(Finding, match=r"en\.yml:\d+:1: 'visa_declined' is there already"):
        new_flow("visa", folder)
    assert contents(folder) == before


@pytest.mark.parametrize(
    "replies", ["{apology: Maaf.}\n", "apology: Maaf.\n...\n", "apology: Maaf.\n\tx: y\n"]
)
def test_a_file_that_cannot_be_added_to_is_left_alone(tmp_path: Path, replies: str) -> None:
    """Unusual YAML at the end of a reply file is told, and nothing is written."""
    folder = bare(tmp_path / "flows", replies)
    before = contents(folder)
    with pytest.raises(AntreError, match=r"id\.yml"):
        new_flow("visa", folder)
    assert contents(folder) == before


def test_a_folder_without_replies_is_told(tmp_path: Path) -> None:
    """A flow that can say nothing is not begun."""
    with pytest.raises(ConfigError, match="no reply files"):
        new_flow("visa", tmp_path)


def test_the_command_says_what_it_wrote(folder: Path) -> None:
    """`antre flows new` names the files and what to run next."""
    result = CliRunner().invoke(cli, ["flows", "new", "visa", "--folder", str(folder)])
    assert result.exit_code == 0
    assert f"{folder / 'visa.yml'}: written" in result.output
    assert "antre flows check" in result.output
