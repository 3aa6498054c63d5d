"""What is wrong with a file is told in Indonesian too: every sentence, wherever it has been."""

import ast
import pickle
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from string import Formatter

import bot
import nlu
from bot.drafting.checking import Checked, Found
from bot.rehearsing.room.pieces import piece_of, value_of
from bot.told import Told, in_language, replaced, sentences_of, tell


def sentences() -> Iterator[tuple[str, str]]:
    """File and sentence of whatever the program tells."""
    for package in (bot, nlu):
        for path in Path(str(package.__file__)).parent.rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if "from bot.told import" not in text and path.name != "told.py":
                continue
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tell":
                    sentence = node.args[0]
                    assert isinstance(sentence, ast.Constant), f"{path}:{node.lineno}: no sentence"
                    yield path.name, str(sentence.value)


def braces(sentence: str) -> list[tuple[str | None, str | None, str | None]]:
    """What stands for values, in any order."""
    return sorted(
        ((name, form, conversion) for _, name, form, conversion in Formatter().parse(sentence)
         if name is not None), key=str,
    )  # fmt: skip


def test_every_sentence_has_its_indonesian() -> None:
    """Nothing stays in English, nothing is kept that nobody says, and the values are the same."""
    told, indonesian = {sentence for _, sentence in sentences()}, sentences_of("id")
    assert told - indonesian.keys() == set()
    assert indonesian.keys() - told == set()
    assert [each for each in told if braces(each) != braces(indonesian[each])] == []


def test_a_sentence_within_another() -> None:
    """It is English as it stands, and all of it is said in Indonesian; nobody knows German."""
    near = tell("; did you mean {name!r}?", name="open")
    text = tell("no {kind} {name!r}{meant}", kind=tell("state"), name="opn", meant=near)
    assert text == "no state 'opn'; did you mean 'open'?"
    assert in_language(text, "id") == "tidak ada keadaan 'opn'; maksudnya 'open'?"
    assert in_language(text, "en") == in_language(text, "de") == text


def test_an_error_hands_on_what_it_was_raised_with() -> None:
    """Also as a value of another sentence."""
    text = tell("{key}: {error}", key="ask", error=ValueError(tell("a whole number")))
    assert (text, in_language(text, "id")) == ("ask: a whole number", "ask: bilangan bulat")


def test_what_is_no_sentence_stays_as_it_is() -> None:
    """As what a library says."""
    assert in_language("invalid syntax", "id") == "invalid syntax"


def test_other_processes_pass_it_on() -> None:
    """Pickled, and in the pieces that a draft's checks come in."""
    text = tell("{key!r} is missing here", key="initial")
    again = pickle.loads(pickle.dumps(text))  # noqa: S301 - written just now
    checked = Checked((Found("shop.yml", 1, 1, text, warning=False),))
    passed = value_of(Checked, piece_of(checked)).findings[0].message
    for each in (again, passed, asdict(checked)["findings"][0]["message"]):
        assert (each, in_language(each, "id")) == (text, "'initial' belum ada di sini")


def test_a_folder_that_is_left_out() -> None:
    """The values lose it, and the sentence is still known."""
    inner = tell("{key!r} is missing here", key="a")
    text = tell("{message} (written in {place})", message=inner, place="drafts/x/shop.yml:1:1")
    short = replaced(text, "drafts/x/", "")
    assert short == "'a' is missing here (written in shop.yml:1:1)"
    assert isinstance(short, Told)
    assert in_language(short, "id") == "'a' belum ada di sini (tertulis di shop.yml:1:1)"
