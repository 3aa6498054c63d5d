"""Who is the office, and who the applicant."""

import pytest

from bot.definitions import Definitions
from bot.replay.importing.cast import Cast, cast_of
from bot.replay.importing.conversation import ImportingError
from tests.replay.importing.reading import read


def cast(
    definitions: Definitions, *said: tuple[str, str], before: str = "", **more: object
) -> Cast:
    """The cast of a chat."""
    lines = [before] if before else []
    lines += [f"20/08/24 14.30 - {name}: {text}" for name, text in said]
    return cast_of(read("\n".join(lines)), definitions.offices, **more)  # type: ignore[arg-type]


PAGI = ("Rina", "Pagi")


@pytest.mark.parametrize(
    "office",
    [
        ("Kanim Jakarta Pusat", "Halo"),
        ("Layanan Antrian Paspor", "Halo"),
        ("+62 812-9900-4406", "Halo"),
        ("Jakpus", "Halo"),
        ("Bapak Anu", "Kode booking: JKP-7F4Q2-M8XCK"),
        ("0000", "Ketik #nama#tanggal lahir#tanggal yang dipilih"),
    ],
)
def test_an_office_is_known_by_its_name_its_number_or_its_words(
    definitions: Definitions, office: tuple[str, str]
) -> None:
    """Whoever writes first."""
    assert cast(definitions, PAGI, office) == Cast(frozenset({office[0]}), "Rina")
    assert cast(definitions, office, PAGI) == Cast(frozenset({office[0]}), "Rina")


def test_where_nothing_tells_the_one_who_writes_first_is_the_applicant(
    definitions: Definitions,
) -> None:
    """Which is a guess."""
    assert cast(definitions, PAGI, ("Ani", "ya")) == Cast(frozenset({"Ani"}), "Rina", is_guess=True)


def test_what_is_said_counts(definitions: Definitions) -> None:
    """The whole name or a part of it, in any case, by either option."""
    turned = Cast(frozenset({"Rina"}), "Kanim Bogor")
    office = ("Kanim Bogor", "Halo")
    assert cast(definitions, PAGI, office, bots=["rina"]) == turned
    assert cast(definitions, PAGI, office, applicant="bogor") == turned


def test_a_group_wants_to_know_whose_messages_to_play(definitions: Definitions) -> None:
    """All names are told; the office's people stay together."""
    three = [PAGI, ("Kanim Bogor", "Halo"), ("Budi", "ya")]
    with pytest.raises(ImportingError, match=r"--applicant NAME, one of: 'Rina', 'Budi'"):
        cast(definitions, *three)
    assert cast(definitions, *three, applicant="Budi") == Cast(frozenset({"Kanim Bogor"}), "Budi")
    with pytest.raises(ImportingError, match="who is the office"):
        cast(definitions, PAGI, ("Ani", "a"), ("Budi", "b"))


def test_a_name_that_is_not_there_is_refused_with_those_that_are(definitions: Definitions) -> None:
    """And one that fits several, and the same for both."""
    with pytest.raises(ImportingError, match=r"--bot: 'Xaver' is not .* there are 'Rina', 'Ani'"):
        cast(definitions, PAGI, ("Ani", "ya"), bots=["Xaver"])
    with pytest.raises(ImportingError, match="fits several"):
        cast(definitions, PAGI, ("Rini", "ya"), bots=["ri"])
    with pytest.raises(ImportingError, match="cannot be both"):
        cast(definitions, PAGI, ("Ani", "ya"), bots=["Ani"], applicant="Ani")


def test_one_who_is_never_answered_is_an_applicant(definitions: Definitions) -> None:
    """There is nobody else."""
    assert cast(definitions, PAGI) == Cast(frozenset(), "Rina")


def test_a_name_that_comes_up_once_makes_no_group(definitions: Definitions) -> None:
    """It is a line that looks like a message, most likely."""
    said = [PAGI, ("Kanim Bogor", "Halo"), ("Wawancara", "jam 9"), PAGI, PAGI]
    assert cast(definitions, *said).applicant == "Rina"
