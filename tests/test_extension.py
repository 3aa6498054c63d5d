"""A project's own Python files."""

from pathlib import Path

import pytest

from bot.booking import actions as booking_actions
from bot.definitions import load_actions
from bot.dialogue.actions import actions_in
from bot.errors import AntreError, ConfigError
from bot.extension import load_code
from bot.settings import Flows, load_settings

GREET = '''
from bot.dialogue.actions import Doing, action
from bot.dialogue.events import Outcome

@action(outcomes=("done",))
async def {name}(doing: Doing) -> Outcome:
    """{summary}"""
    return Outcome("done")
'''


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
    actions = load_actions(load_settings(config, {}).flows)
    assert set(actions) == {"wave", *actions_in(booking_actions)}
    assert actions["wave"].summary == "Wave."


def test_without_code_there_are_those_of_the_queue() -> None:
    """No code is needed."""
    assert load_actions(Flows()).keys() == actions_in(booking_actions).keys()


def test_it_is_read_anew_each_time(tmp_path: Path) -> None:
    """An edit counts the next time, and two files of the same name are two."""
    path = written(tmp_path, GREET.format(name="wave", summary="One."))
    (tmp_path / "other").mkdir()
    other = written(tmp_path / "other", GREET.format(name="bow", summary="Other."))
    assert load_code(path).wave.summary == "One."
    path.write_text(GREET.format(name="wave", summary="Another one."))
    assert load_code(path).wave.summary == "Another one."
    assert not hasattr(load_code(other), "wave")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("import nowhere_at_all\n", r"actions\.py:1: cannot be imported: ModuleNotFoundError"),
        ("x = 1\n\nx.y\n", r"actions\.py:3: cannot be imported: AttributeError"),
        ("def f(:\n", r"actions\.py:1: invalid syntax"),
        (GREET.format(name="find_dates", summary=""), r"actions\.py: .*'find_dates' already"),
    ],
)
def test_what_is_wrong_with_it_is_said(tmp_path: Path, text: str, complaint: str) -> None:
    """A mistake names file and line, and no traceback is needed to find it."""
    path = written(tmp_path, text)
    with pytest.raises(ConfigError, match=complaint):
        load_actions(Flows(code=(path,)))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The setting that names it is said."""
    with pytest.raises(ConfigError, match=r"no such file; mend flows\.code"):
        load_code(tmp_path / "actions.py")


def test_a_file_that_is_no_python(tmp_path: Path) -> None:
    """What cannot be imported at all is refused as kindly."""
    with pytest.raises(ConfigError, match="not a Python file"):
        load_code(written(tmp_path, "{}", "actions.yml"))


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
    with pytest.raises(AntreError, match=r"data\.yml: the file does not exist"):
        load_code(path)
    (tmp_path / "data.yml").write_text("sice: 1\n")
    with pytest.raises(AntreError, match=r"data\.yml:1:1: unknown key 'sice'"):
        load_code(path)
