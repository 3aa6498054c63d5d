"""A project's own Python files."""

from pathlib import Path

import pytest

from bot.booking import actions as booking_actions
from bot.definitions import load_code
from bot.dialogue.actions import actions_in
from bot.dialogue.slot_type import shipped_types
from bot.errors import AntreError, ConfigError
from bot.extension import load_file
from bot.schemas import schemas
from bot.settings import Flows, load_settings

GREET = '''
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome

@action(outcomes=("done",))
async def {name}(doing: Doing) -> Outcome:
    """{summary}"""
    return Outcome("done")
'''

SECOND_DATE = """
from bot.dialogue.slot_type import slot_type

@slot_type()
def date(given):
    return ""
"""


def written(folder: Path, text: str, name: str = "actions.py") -> Path:
    """A Python file with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_its_actions_join_those_of_the_queue(tmp_path: Path) -> None:
    """A file named in the settings, seen from where they lie, is asked for actions."""
    written(tmp_path, GREET.format(name="wave", summary="Wave."))
    config = tmp_path / "config.yml"
    config.write_text("flows: {code: [actions.py]}\n")
    actions = load_code(load_settings(config, {}).flows).actions
    assert set(actions) == {"wave", *actions_in(booking_actions)}
    assert actions["wave"].summary == "Wave."


def test_its_slot_types_join_the_shipped_ones(tmp_path: Path) -> None:
    """A type is declared in the same file, and editors are told of it."""
    text = """
from bot.dialogue.slot_type import Given, slot_type

@slot_type()
def plate(given: Given) -> str:
    '''A number plate.'''
    return given.text(12).upper()
"""
    code = load_code(Flows(code=(written(tmp_path, text),)))
    assert set(code.slot_types) == {"plate", *shipped_types()}
    assert "A number plate." in schemas(code.actions, (), code.slot_types)["flow"]


def test_without_code_there_are_those_of_the_queue() -> None:
    """No code is needed."""
    assert load_code(Flows()).actions.keys() == actions_in(booking_actions).keys()


def test_it_is_read_anew_each_time(tmp_path: Path) -> None:
    """An edit counts the next time, and two files of the same name are two."""
    path = written(tmp_path, GREET.format(name="wave", summary="One."))
    (tmp_path / "other").mkdir()
    other = written(tmp_path / "other", GREET.format(name="bow", summary="Other."))
    assert load_file(path).wave.summary == "One."
    path.write_text(GREET.format(name="wave", summary="Another one."))
    assert load_file(path).wave.summary == "Another one."
    assert not hasattr(load_file(other), "wave")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("import nowhere_at_all\n", r"actions\.py:1:1: cannot be imported: ModuleNotFoundError"),
        ("x = 1\n\nx.y\n", r"actions\.py:3:1: cannot be imported: AttributeError"),
        ("def f(:\n", r"actions\.py:1:7: invalid syntax"),
        (GREET.format(name="find_dates", summary=""), r"actions\.py:1:1: .*'find_dates' already"),
        (SECOND_DATE, r"actions\.py:1:1: there is a slot type 'date' already"),
    ],
)
def test_what_is_wrong_with_it_is_said(tmp_path: Path, text: str, complaint: str) -> None:
    """A mistake names file and line, and no traceback is needed to find it."""
    path = written(tmp_path, text)
    with pytest.raises(ConfigError, match=complaint):
        load_code(Flows(code=(path,)))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The setting that names it is said."""
    with pytest.raises(ConfigError, match=r"no such file; mend flows\.code"):
        load_file(tmp_path / "actions.py")


def test_a_file_that_is_no_python(tmp_path: Path) -> None:
    """What cannot be imported at all is refused as kindly."""
    with pytest.raises(ConfigError, match="not a Python file"):
        load_file(written(tmp_path, "{}", "actions.yml"))


def test_mistakes_in_what_it_reads_are_its_own(tmp_path: Path) -> None:
    """A YAML file it checks while it is imported complains for itself, by line."""
    text = """
from pathlib import Path
from bot.document import Document, Part

class Data(Part):
    size: int

Document.read(Path(__file__).parent / "data.yml").validate(Data)
"""
    path = written(tmp_path, text)
    with pytest.raises(AntreError, match=r"data\.yml:1:1: the file does not exist"):
        load_file(path)
    (tmp_path / "data.yml").write_text("sice: 1\n")
    with pytest.raises(AntreError, match=r"data\.yml:1:1: unknown key 'sice'"):
        load_file(path)
