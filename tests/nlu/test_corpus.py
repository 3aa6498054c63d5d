"""The training data as it is read: examples, entities, and every mistake with its line."""

from pathlib import Path

import pytest

from nlu.corpus import Corpus, Marked, read_corpus, training_files

DATA = Path(__file__).parents[2] / "nlu" / "data"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, where we stand."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def corpus(folder: Path, text: str) -> Corpus:
    """What is read from this text in a file ``a.yml``."""
    (folder / "a.yml").write_text(text, encoding="utf-8")
    return read_corpus(folder)


def findings(folder: Path, text: str) -> list[str]:
    """What is said of it."""
    return [str(finding) for finding in corpus(folder, text).findings]


def block(*lines: str, intent: str = "greet") -> str:
    """A file with one intent."""
    written = "".join(f"      - {line}\n" for line in lines)
    return f"nlu:\n  - intent: {intent}\n    examples: |\n{written}"


FIVE = ("halo", "hai", "pagi", "siang", "sore")


def test_examples(folder: Path) -> None:
    """Each line is an example of its intent, and knows where it stands."""
    read = corpus(folder, block(*FIVE) + "\n  - intent: bye/short\n    examples: |\n      - dah\n")
    assert [(e.text, e.intent) for e in read.examples] == [
        *((text, "greet") for text in FIVE),
        ("dah", "bye"),
    ]
    assert [str(e.place) for e in read.examples][4:] == ["a.yml:8", "a.yml:12"]
    assert read.intents == ("bye", "greet")


@pytest.mark.parametrize(
    ("line", "text", "marked"),
    [
        ("[besok](service_date) bisa?", "besok bisa?", Marked("service_date", "besok", 0, 5)),
        ("di [tng](office:tangerang)", "di tng", Marked("office", "tangerang", 3, 6)),
        (
            'di [tng]{"entity": "office", "value": "tangerang"}',
            "di tng",
            Marked("office", "tangerang", 3, 6),
        ),
        ('no [2]{"entity": "option_number"}', "no 2", Marked("option_number", "2", 3, 4)),
    ],
)
def test_entities(folder: Path, line: str, text: str, marked: Marked) -> None:
    """An entity may be marked in each of Rasa's ways; the text is what people type."""
    read = corpus(folder, block(line, *FIVE))
    assert read.findings == ()
    assert (read.examples[0].text, read.examples[0].entities) == (text, (marked,))


def test_several_entities(folder: Path) -> None:
    """Entities are found where they stand in the text without marks."""
    (example, *_) = corpus(folder, block("[Rina](person_name), [lusa](service_date)")).examples
    assert example.text == "Rina, lusa"
    assert [example.text[e.start : e.end] for e in example.entities] == ["Rina", "lusa"]


def test_texts_as_a_list(folder: Path) -> None:
    """Rasa's long form, with metadata beside each text, is read too."""
    text = (
        "nlu:\n- intent: bye\n  examples:\n  - text: |\n      - dah\n    metadata: {}\n  - dadah\n"
    )
    assert [e.text for e in corpus(folder, text).examples] == ["dah", "dadah"]


@pytest.mark.parametrize(
    "line",
    ["[besok](Service Date)", "[besok]{entity: x}", "[besok]{}", "x [besok](service_date", "[a]("],
)
def test_a_wrong_mark(folder: Path, line: str) -> None:
    """An entity that is marked wrongly is told, and how to mark it."""
    (said,) = findings(folder, block(*FIVE, line))
    assert said.startswith("a.yml:9: ")
    assert said.endswith(": mark an entity as [besok](service_date)")


def test_brackets_are_no_mark(folder: Path) -> None:
    """People type brackets, too."""
    assert findings(folder, block(*FIVE, "[halo] min (tanya)")) == []


def test_one_example_under_two_intents(folder: Path) -> None:
    """It cannot mean both; capitals and spaces make no difference."""
    text = block(*FIVE) + block(*FIVE[1:], "d", "HALO ", intent="bye").removeprefix("nlu:\n")
    said = findings(folder, text)
    assert "a.yml:16: 'HALO' is an example of bye here, but of greet in a.yml:4" in said
    assert len(said) == 5


def test_one_example_twice(folder: Path) -> None:
    """Under one intent that is only a warning."""
    (said,) = findings(folder, block(*FIVE, "halo"))
    assert said == "a.yml:9: warning: 'halo' stands in a.yml:4 already"


def test_no_examples(folder: Path) -> None:
    """An intent without examples is a mistake, one with few a warning."""
    assert findings(folder, "nlu:\n  - intent: greet\n    examples: ''\n") == [
        "a.yml:2:5: greet: has no examples"
    ]
    assert findings(folder, block("halo")) == [
        "a.yml:2:5: warning: greet: only 1 examples; 5 are the least to learn from"
    ]


def test_no_dash(folder: Path) -> None:
    """Every example begins with a dash."""
    text = block(*FIVE) + "      halo juga\n"
    assert findings(folder, text) == ["a.yml:9: an example begins with a dash: '- like this'"]


def test_unreadable_files(folder: Path) -> None:
    """A file that is no YAML is told apart, and the others are read."""
    (folder / "b.yml").write_text("nlu:\n\t- x")
    read = corpus(folder, block(*FIVE))
    assert len(read.examples) == 5
    assert [str(finding)[:10] for finding in read.unreadable] == ["b.yml:2:1:"]


@pytest.mark.parametrize("text", ["nlu:\n", "nlu: 3\n", "nlu: [3, {}]\n", "version: '3.1'\n"])
def test_nothing_to_learn(folder: Path, text: str) -> None:
    """Files without examples are no mistake: lookup tables stand in such."""
    assert corpus(folder, text) == Corpus(())


def test_tests_are_not_read(folder: Path) -> None:
    """What is kept to test with is never learnt from."""
    (folder / "test").mkdir()
    (folder / "test" / "held_out.yml").write_text(block(*FIVE))
    assert training_files(folder) == []
    assert training_files(folder / "missing") == []


def test_our_own() -> None:
    """The training data that is delivered has no mistakes."""
    read = read_corpus(DATA)
    assert [str(f) for f in (*read.unreadable, *read.findings) if not f.warning] == []
