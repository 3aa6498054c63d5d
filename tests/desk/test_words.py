"""The desk's sentences: the same in both languages, all that are used there, none too many."""

import re
from pathlib import Path
from string import Formatter

import pytest

from bot.attended import Refused
from bot.booking.life import SeatState
from bot.booking.plan import DayProblemKind
from bot.desk import routes
from bot.desk.browsing import CHANNELS, View
from bot.desk.reporting.showing import PLOTS, TOLD
from bot.desk.roles import Role
from bot.desk.route import StaffRoute
from bot.desk.transcript import Who
from bot.desk.words import LANGUAGES, Words, table_of
from bot.dialogue.trace import VERBS
from bot.inspecting.journey import KINDS
from bot.proving import NotProven
from bot.replay.in_chat import DID

DESK = Path(routes.__file__).parent
SPOKEN = re.compile(r"""["']([a-z_]+\.(?!html|css|js)[a-z_]+)["']""")
BY_VALUE = {
    "role",
    "audit",
    "state",
    "no_day",
    "no_proof",
    "stage",
    "did",
    "no",
    "by_hand",
    "figure",
    "began",
    "way",
    "source",
    "channel",
    "talk_view",
    "talk_none",
    "talk_who",
    "talk_got",
    "talk_did",
    "talk_result",
}
"""Parts whose keys are put together from values; the last test holds them."""
OF_STATES = {
    "home.booked",
    "home.checked_in",
    "home.called",
    "home.served",
    "home.rejected",
    "home.void",
}


def spoken() -> dict[str, str]:
    """Keys that templates and handlers write out, and a file where each stands."""
    files = [*DESK.rglob("*.py"), *DESK.rglob("*.html")]
    return {key: path.name for path in files for key in SPOKEN.findall(path.read_text())}


def values_in(sentence: str) -> set[str]:
    """The names of what is filled in."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_languages_say_the_same() -> None:
    """Each sentence is there in both languages and takes the same values."""
    id_, en = (table_of(language) for language in LANGUAGES)
    assert id_.keys() == en.keys()
    for key in id_:
        assert values_in(id_[key]) == values_in(en[key]), key


def test_what_is_said_is_there() -> None:
    """Every key that is written in a template or handler has its sentence."""
    parts = {key.partition(".")[0] for key in table_of("id")}
    said = {key: file for key, file in spoken().items() if key.partition(".")[0] in parts}
    assert {key: said[key] for key in said.keys() - table_of("id").keys()} == {}


def test_no_sentence_is_left_over() -> None:
    """A key that nothing says is deleted with what said it."""
    written = {key for key in table_of("id") if key.partition(".")[0] not in BY_VALUE}
    assert written - spoken().keys() - OF_STATES == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_routes_and_roles_have_names(language: str) -> None:
    """Whatever the menu and the audit show has a sentence."""
    words = Words(language)
    for role in Role:
        assert words(f"role.{role}")
    for route in routes.TABLE:
        if isinstance(route, StaffRoute):
            assert not route.action or words(f"audit.{route.action}")
            assert not route.menu or words(route.menu)
    for state in (*SeatState, "late"):
        assert words(f"state.{state}")
    for why in NotProven:
        assert words(f"no_proof.{why}")
    shown = {name for told in TOLD for name in told if name}
    shown |= {name for columns in PLOTS.values() for name, _ in columns}
    for name in shown:
        assert words(f"figure.{name}", value="")
    for problem in DayProblemKind:
        assert words(f"no_day.{problem}", day="")


@pytest.mark.parametrize("language", LANGUAGES)
def test_ways_have_names(language: str) -> None:
    """Whatever a turn can be begun by, go through, or be understood by has a sentence."""
    words = Words(language)
    for kind in (*KINDS, "other"):
        assert words(f"began.{kind}")
    for verb in VERBS:
        assert words(f"way.{verb}")
    for source in ("exact", "grammar", "local", "rasa"):
        assert words(f"source.{source}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_happens_in_conversations_has_names(language: str) -> None:
    """Views, refusals, what was done and whose a line is have their sentences."""
    words = Words(language)
    for view in View:
        assert words(f"talk_view.{view}")
        assert words(f"talk_none.{view}")
    for channel in CHANNELS:
        assert words(f"channel.{channel}")
    for why in Refused:
        assert words(f"talk_result.{why}")
    for did in {*DID, "timer", "notice", "identity", "failed", "redacted"} - {"replied"}:
        assert words(f"talk_did.{did}", by="", kind="")
    for who in Who:
        assert who is Who.NOTE or words(f"talk_who.{who}")
