"""What holds of the files themselves: locks, licence, training data, nothing of this machine."""

import re
import subprocess
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

from bot import __version__
from nlu.corpus import read_corpus

ROOT = Path(__file__).parents[1]
LOCKS = ["requirements.lock", "requirements-dev.lock", "nlu/requirements.lock"]

REGISTRIES = re.compile(r"p[y]pi\.org|pythonh[o]sted\.org|npm[j]s\.org|debian\.or[g]|deb\.debia[n]")
MACHINE_PATHS = re.compile(r"(?<![\w.:}/-])/(?:work|root|home|opt)/\w")

INTENTS = {
    *("greet", "register", "ask_dates", "choose_date", "choose_option", "submit_identity"),
    *("approve", "reject", "correct", "cancel", "reschedule", "ask_status", "family"),
    *("ask_requirements", "ask_fees", "ask_walk_in", "ask_office", "ask_location_hours"),
    *("ask_from_outside", "ask_privacy", "erase_data", "damaged_or_lost", "mark_late"),
    *("join_waitlist", "help", "restart", "thanks", "goodbye", "talk_to_staff"),
    *("change_language", "out_of_scope", "wait_a_moment"),
}
MARKS = r"[^\w#@&]"
ENTITIES = {"person_name", "birth_date", "service_date", "option_number", "office"}


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """Every file that is or would be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 - whichever git there is
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git work tree")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """``pyproject.toml``."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def pins(lock: str) -> dict[str, list[Requirement]]:
    """The pins of a lock file by package; two of one package differ in their markers."""
    found: dict[str, list[Requirement]] = {}
    for line in (ROOT / lock).read_text().replace(" \\\n", "\n").splitlines():
        if line and not line.startswith((" ", "#")):
            pin = Requirement(line)
            found.setdefault(canonicalize_name(pin.name), []).append(pin)
    return found


def matching_lines(files: list[Path], pattern: re.Pattern[str]) -> list[str]:
    """``file:line: text`` wherever a text file has the pattern."""
    found = []
    for path in files:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
            for number, line in enumerate(lines, 1)
            if pattern.search(line)
        ]
    return found


def test_no_file_names_a_registry_host(files: list[Path]) -> None:
    """Where packages come from is each machine's own business."""
    assert matching_lines(files, REGISTRIES) == []


def test_no_file_names_a_path_of_some_machine(files: list[Path]) -> None:
    """The repository works wherever it is cloned."""
    assert matching_lines(files, MACHINE_PATHS) == []


def test_no_expansion_in_the_settings() -> None:
    """Rasa fails on a dollar sign with a brace anywhere in config.yml."""
    assert "${" not in (ROOT / "config.yml").read_text()


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_pin_everything_by_version_and_hash(lock: str) -> None:
    """Each package has one exact version and its hashes; no address is named."""
    text = (ROOT / lock).read_text()
    assert "://" not in text
    blocks = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert len(blocks) == sum(len(same) for same in pins(lock).values())
    for block in blocks:
        assert re.match(r"[a-z0-9.-]+==[^\s=]+ ", block), block[:80]
        assert "--hash=sha256:" in block, block[:80]


@pytest.mark.parametrize(
    ("lock", "groups"), [("requirements.lock", ["build"]), ("requirements-dev.lock", ["dev"])]
)
def test_locks_are_of_this_project(lock: str, groups: list[str], project: dict[str, Any]) -> None:
    """Every dependency of pyproject.toml is locked at a version it allows; else `make lock`."""
    wanted = list(project["project"]["dependencies"])
    for group in groups:
        wanted += project["dependency-groups"][group]
    locked = pins(lock)
    for text in wanted:
        requirement = Requirement(text)
        same = locked.get(canonicalize_name(requirement.name), [])
        assert same, f"{text} is not in {lock}"
        for pin in same:
            (version,) = (one.version for one in pin.specifier)
            assert requirement.specifier.contains(version, prereleases=True), f"{text}: {pin}"


def test_the_dev_lock_holds_the_runtime_lock() -> None:
    """What is tested is what runs."""
    runtime, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: dev.get(name) for name in runtime} == runtime


def test_every_dependency_is_explained(project: dict[str, Any]) -> None:
    """docs/dependencies.md says of each dependency what it is for."""
    text = (ROOT / "docs" / "dependencies.md").read_text()
    named = {canonicalize_name(name) for name in re.findall(r"`([A-Za-z0-9._-]+)`", text)}
    groups = project["dependency-groups"].values()
    wanted = [*project["project"]["dependencies"], *(text for group in groups for text in group)]
    assert {canonicalize_name(Requirement(text).name) for text in wanted} - named == set()


def test_the_licence_is_the_one_named(project: dict[str, Any]) -> None:
    """LICENSE is the Apache License 2.0, whole."""
    text = (ROOT / "LICENSE").read_text()
    assert project["project"]["license"] == "Apache-2.0"
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_readme_says_how_to_start() -> None:
    """The two commands a newcomer needs stand in the README."""
    text = (ROOT / "README.md").read_text()
    assert "make run" in text
    assert "make test" in text


def test_the_changelog_has_this_version() -> None:
    """CHANGELOG.md has a heading for the version that bot/__init__.py names."""
    text = (ROOT / "CHANGELOG.md").read_text()
    assert re.search(rf"^## .*{re.escape(__version__)}", text, re.MULTILINE)


def test_make_lists_its_targets() -> None:
    """`make` alone names every target there is."""
    text = (ROOT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: help (.*)$", text, re.MULTILINE)
    assert targets
    for target in targets[1].split():
        assert re.search(rf"^\t@echo 'make {target} ", text, re.MULTILINE), target


@pytest.mark.parametrize(
    ("pythons", "why"),
    [("no-such-python", "Python 3.10, which Rasa needs, was not found"), ("", "make test-long")],
)
def test_make_says_that_rasa_was_left_out(tmp_path: Path, pythons: str, why: str) -> None:
    """One line, with the reason: no Python that Rasa runs on, or no time."""
    python = tmp_path / "python3.10"
    python.write_text("#!/bin/sh\nexit 0\n")
    python.chmod(0o755)
    said = subprocess.run(  # noqa: S603 - our own Makefile
        ["make", "--no-print-directory", "left-out", f"PYTHONS310={pythons or python}"],  # noqa: S607 - whichever there is
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    (line,) = said.splitlines()
    assert line.startswith("The tests with Rasa itself were left out: ")
    assert why in line


def examples() -> list[tuple[str, str]]:
    """Intent and text of every example of the training data."""
    files = sorted((ROOT / "nlu" / "data").glob("*.yml"))
    return [
        (block["intent"], line.removeprefix("- "))
        for path in files
        for block in YAML(typ="safe").load(path.read_text())["nlu"]
        if "intent" in block
        for line in block["examples"].splitlines()
    ]


def test_every_intent_has_examples_enough() -> None:
    """At least sixty different ones for each intent the classifiers learn."""
    counts = Counter(intent for intent, _ in set(examples()))
    assert set(counts) == INTENTS
    assert min(counts.values()) >= 60


def test_no_example_means_two_things() -> None:
    """An example stands once: under two intents it would teach neither."""
    plain = Counter(re.sub(r"\[(.*?)\]\(\w+\)", r"\1", text).casefold() for _, text in examples())
    assert [text for text, count in plain.items() if count > 1] == []


def test_entities_are_known_ones() -> None:
    """Examples mark only the entities the flows use."""
    marked = re.findall(r"\]\((\w+)\)", "\n".join(text for _, text in examples()))
    assert set(marked) == ENTITIES


def test_entities_begin_and_end_with_words() -> None:
    """Rasa cuts at spaces and drops marks around words; what it cuts otherwise it cannot learn."""
    wrong = []
    for example in read_corpus(ROOT / "nlu" / "data").examples:
        for entity in example.entities:
            before = example.text[: entity.start].split(" ")[-1]
            after = example.text[entity.end :].split(" ")[0]
            kept = before if example.text[entity.start].isdigit() else re.sub(MARKS, "", before)
            if kept or re.sub(MARKS, "", after):
                wrong.append(f"{example.place}: {example.text}")
    assert wrong == []
