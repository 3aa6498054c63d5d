"""``antre nlu gaps``: what was not understood, without telling who wrote it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.commands.understanding.gaps import Talk, blotted, gaps_in, lines_of
from tests.understanding.conftest import Antre

KNOWN = frozenset({"mau", "daftar", "halo"})


def record(
    text: str,
    intent: str = "none",
    confidence: float = 0.0,
    entities: Sequence[Mapping[str, Any]] = (),
    **more: Any,
) -> dict[str, Any]:
    """A turn as the journal keeps it."""
    understood = {"intent": intent, "confidence": confidence, "entities": entities}
    return {
        "message": {"kind": "text", "text": text},
        "understood": {**understood, "guesses": (), **more},
        "before": ["passport_guided.welcome"],
    }


class TestGaps:
    def test_the_least_understood_first(self) -> None:
        """What is below the confidence asked for is listed, with the likeliest meaning."""
        talk = Talk([
            record("mau apa sih", confidence=0.3, guesses=("help", "register")),
            record("xyz"),
            record("halo", "greet", 0.9),
        ])  # fmt: skip
        found = gaps_in([talk], KNOWN, 0.5)
        assert found.messages == 3
        assert [(gap.text, gap.heard, gap.state) for gap in found.gaps] == [
            ("xyz", "none", "passport_guided.welcome"),
            ("mau apa sih", "help", "passport_guided.welcome"),
        ]

    def test_unknown_words(self) -> None:
        """Words that several people use and no example has; dates and numbers are no words."""
        talks = [Talk([record(f"mau ngoprek ya {n} Agustus 1990")]) for n in (5, 6, 7)]
        assert gaps_in(talks, KNOWN, 0.5).words == {"ngoprek": 3}

    def test_words_of_one_person(self) -> None:
        """What only one conversation has may be a name, and is not shown."""
        talk = Talk([record("ngoprek ngoprek"), record("ngoprek")])
        assert gaps_in([talk], KNOWN, 0.5).words == {}

    def test_names_and_numbers_are_blotted_out(self) -> None:
        """Digits, what was found to be a name, and what the conversation knows."""
        entity = {"type": "person_name", "value": "Rina Umpama"}
        talk = Talk(
            [record("Rina umpama, ibunya MELATI, 0812-0000-0012", entities=[entity])],
            names=("Melati Contoh",),
        )
        (gap,) = gaps_in([talk, talk], KNOWN, 0.5).gaps[:1]
        assert gap.text == "– –, ibunya –, 0000-0000-0000"  # noqa: RUF001
        assert "melati" not in gaps_in([talk, talk], KNOWN, 0.5).words

    @pytest.mark.parametrize(
        "kept",
        [
            record("!!!"),
            record("🙏"),
            record('/take_seat{"x": 1}'),
            {"notice": "reminder", "before": []},
            {**record("x"), "message": {"kind": "tap", "text": "halo"}},
            {**record("x"), "understood": None},
        ],
    )
    def test_what_cannot_be_learnt(self, kept: Mapping[str, Any]) -> None:
        """Signs, taps, timers and notices are no messages in words."""
        assert gaps_in([Talk([kept])], KNOWN, 0.5).messages == 0

    def test_blotting_keeps_the_sentence(self) -> None:
        """Signs and line breaks around what is hidden stay readable."""
        assert blotted("Nama:\n BUDI (0812)", {"budi"}) == "Nama: – (0000)"  # noqa: RUF001

    def test_lines(self) -> None:
        """At most so many are shown; how many there are is told."""
        talks = [Talk([record("ngoprek aja")]) for _ in range(3)]
        lines = list(lines_of(gaps_in(talks, KNOWN, 0.5), 1))
        assert lines[0] == "3 messages, 3 of them hardly understood or not at all"
        assert lines[1].split() == ["0.00", "none", "passport_guided.welcome", "ngoprek", "aja"]
        assert lines[2:] == [
            "1 words that no example has, and the conversations they are in",
            "     3 ngoprek",
        ]


RECORDING = """\
title: Words nobody knows
now: 2026-11-23T09:00:00+07:00
office: jakarta_pusat
contact: {channel: whatsapp, sender: '6281200000012', profile: Fiktif}
turns:
  - user: halo
  - user: embuh lah blorong 0812-0000-0012
"""


class TestCommand:
    def test_recordings(self, antre: Antre, tmp_path: Path) -> None:
        """Recordings are played on the bot as it is now."""
        path = tmp_path / "embuh.yml"
        path.write_text(RECORDING)
        result = antre("gaps", str(path), "--below", "1")
        assert result.exit_code == 0, result.output
        assert result.stdout.startswith("2 messages, 2 of them")
        assert "passport_guided.welcome        embuh lah blorong 0000-0000-0000" in result.stdout

    @pytest.mark.usefixtures("models")
    def test_what_is_kept(self, antre: Antre, tmp_path: Path) -> None:
        """Without a path it is about the conversations of this bot."""
        result = antre("gaps", "--data", str(tmp_path / "data"))
        assert result.exit_code == 0, result.output
        assert result.stdout == "0 messages, 0 of them hardly understood or not at all\n"
