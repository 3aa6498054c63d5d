"""The command: from an exported chat to a recording, and what it says on the way."""

import json
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.definitions import Definitions
from bot.document import Document
from bot.errors import AntreError
from bot.rehearsing.studio import in_memory
from bot.replay.anonymous import Anonymous
from bot.replay.exploring import explore
from bot.replay.importing.conversation import ImportingError
from bot.replay.importing.importing import Wishes, imported
from bot.replay.recording import Recording, Script
from tests.replay.conftest import ROOT, SETTINGS
from tests.support.traces import Somebody, traces

GREETED = "Selamat pagi NAMA!\nKetik #tgllayanan"
INVENTED = re.compile(r"pagi (?!Rina)\w+")
"""A name that is not the one in the chat."""

CHAT = """\
20/08/24 09.12 - Pesan dan panggilan terenkripsi secara end-to-end. Ketuk untuk info selengkapnya.
20/08/24 09.12 - Rina Wulandari: Pagi
20/08/24 09.12 - Kanim Jakarta Pusat: Selamat pagi Rina!
Ketik #tgllayanan
20/08/24 09.14 - Rina Wulandari: #tgllayanan
20/08/24 09.15 - Kanim Jakarta Pusat: 1. 21 Agustus
20/08/24 09.16 - Rina Wulandari: Pesan ini telah dihapus
20/08/24 09.50 - Rina Wulandari: hp saya 0812-3456-7890
"""


def run(*arguments: str | Path) -> Result:
    """The command with these arguments."""
    config = ("--config", str(ROOT / "config.yml"))
    return CliRunner().invoke(cli, ["import-chat", *map(str, arguments), *config])


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    """An exported chat."""
    path = tmp_path / "chat.txt"
    path.write_text(CHAT)
    return path


def test_a_recording_is_written_that_replay_can_read(chat: Path, tmp_path: Path) -> None:
    """Without names and numbers; what is left out is told line by line, then counted."""
    out = tmp_path / "new" / "out.yml"
    result = run(chat, "-o", out)
    assert result.exit_code == 0
    script = Recording.read(out).script
    assert script.office == "jakarta_pusat"
    assert [turn.prompt for turn in script.turns] == [
        '"Pagi"',
        '"#tgllayanan"',
        "waiting 0:38:00",
        '"hp saya 081200000101"',
    ]
    text = out.read_text()
    assert "Wulandari" not in text
    assert "3456" not in text
    told = result.stderr.splitlines()
    assert [line.removeprefix(f"{chat}:").split(":")[0] for line in told[:2]] == ["1", "7"]
    assert told[-1].startswith(f"{out}: written, 3 messages of the applicant, 2 left out; ")


def test_names_may_be_kept_and_it_may_go_to_the_terminal(chat: Path) -> None:
    """Without -o it is printed."""
    result = run(chat, "--as-is")
    assert result.exit_code == 0
    assert "hp saya 0812-3456-7890" in result.stdout


PERSONAL = """\
20/08/24 09.12 - Siti Aminah: Pagi min, sy mau daftar
20/08/24 09.13 - Kanim Jakarta Pusat: Silakan kirim nama dan tanggal lahir
20/08/24 09.14 - Siti Aminah: #RATIH PRAMESWARI#13041991#24082024
20/08/24 09.15 - Kanim Jakarta Pusat: Nama: RATIH PRAMESWARI, lahir 13-04-1991, kode 48151623
20/08/24 09.16 - Siti Aminah: Betul pak, itu ratih adik saya, nik 3171235304910007
20/08/24 09.17 - Siti Aminah: email ratih.pram@surat.example, hp 0812-9876-5432
20/08/24 09.18 - Siti Aminah: 48151623
"""


def test_nobody_stands_in_it(tmp_path: Path) -> None:
    """Neither who writes nor whom they write of, with all their numbers, dates and codes, in what
    is said on either side; unless they are wanted, and then a warning says so.
    """
    path, out = tmp_path / "chat.txt", tmp_path / "out.yml"
    path.write_text(PERSONAL)
    ratih = Somebody(
        "6281298765432",
        ("Ratih Prameswari", "Siti Aminah"),
        (date(1991, 4, 13),),
        ("ratih.pram@surat.example", "3171235304910007", "48151623"),
    )
    result = run(path, "-o", out)
    assert result.exit_code == 0, result.exception
    assert traces(out.read_text(), [ratih]) == []
    assert "24082024" in out.read_text()  # the day of service says nothing about anybody
    script = Recording.read(out).script
    name = script.turns[1].prompt.split("#")[1]
    assert name in str(script.turns[1].was)

    result = run(path, "-o", out, "--as-is")
    assert "REAL PEOPLE STAND IN IT" in result.stderr
    assert len(traces(out.read_text(), [ratih])) > 5


def test_where_somebody_would_stay_nothing_is_written(
    chat: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says in which line, and not what."""
    monkeypatch.setattr(Anonymous, "left", lambda _, text: ["Pagi"] if "Pagi" in text else [])
    result = run(chat, "-o", tmp_path / "out.yml")
    assert result.exit_code == 1
    assert f"{chat}: line 2: something personal" in str(result.exception)
    assert not (tmp_path / "out.yml").exists()


def test_a_zip_and_days_of_it(tmp_path: Path) -> None:
    """Only what lies within --since and --until is taken."""
    path = tmp_path / "chat.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_chat.txt", CHAT + "21/08/24 09.00 - Rina Wulandari: besok\n")
    out = tmp_path / "out.yml"
    assert run(path, "-o", out, "--since", "2024-08-21").exit_code == 0
    assert [turn.prompt for turn in Recording.read(out).script.turns] == ['"besok"']


def test_several_stories_go_into_a_folder(tmp_path: Path) -> None:
    """Or one of them into a file."""
    path = tmp_path / "stories.yml"
    path.write_text(
        "stories:\n"
        "- {story: Buat janji, steps: [{user: Pagi}]}\n"
        "- {story: Buat janji, steps: [{user: Sore}]}\n"
    )
    refused = run(path, "-o", tmp_path / "out.yml")
    assert refused.exit_code == 1
    assert isinstance(refused.exception, AntreError)
    assert "2 stories" in str(refused.exception)
    out = tmp_path / "out"
    out.mkdir()
    assert run(path, "-o", out, "--now", "2026-11-23T09:00+07:00").exit_code == 0
    written = sorted(out.iterdir())
    assert [each.name for each in written] == ["buat_janji.yml", "buat_janji_2.yml"]
    assert Recording.read(written[1]).script.now.isoformat() == "2026-11-23T09:00:00+07:00"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--office", "mars"], "no office 'mars'; there are jakarta_pusat"),
        (["--bot", "Xaver"], "'Xaver' is not the name of anybody here"),
        (["--since", "kemarin"], "write a date as 2024-08-20"),
        (["--now", "kemarin"], "write a moment with its zone"),
        (["--order", "mdy"], "leave out --order mdy"),
        (["--story", "x"], "no story 'x'"),
        (["--since", "2025-01-01"], "the applicant says nothing"),
    ],
)
def test_mistakes_are_told_in_words(chat: Path, arguments: list[str], words: str) -> None:
    """With what there is instead."""
    result = run(chat, *arguments)
    assert result.exit_code == 1
    assert isinstance(result.exception, AntreError)
    assert words in str(result.exception)


PIECES = st.sampled_from(
    [stamp_line for line in CHAT.splitlines() for stamp_line in (line, line[:30], line[18:])]
    + [
        "",
        "\ufeff",
        "\u200e",
        "[",
        "]",
        "20/08/24",
        " - ",
        ": ",
        "{{ code }}",
        "\r",
        "\0",
        "\u2028",
    ]
    + [
        "[20/08/24 09.12.01] Rina: \u200eimage omitted",
        "99/99/99 99.99 - x: y",
        "[{",
        "stories:\n- ",
    ]
)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    parts=st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=12),
    between=st.sampled_from(["\n", "", "\r\n"]),
    name=st.sampled_from(["a.txt", "a.transcript", "a.yml", "a.zip"]),
)
def test_any_file_is_a_recording_or_refused_in_words(
    definitions: Definitions, tmp_path: Path, parts: list[str], between: str, name: str
) -> None:
    """Never a traceback; what is made can be read."""
    path = tmp_path / name
    path.write_text(between.join(parts), encoding="utf-8", errors="replace", newline="")
    try:
        made = imported(path, definitions.offices, datetime.now(UTC), Wishes(), "")
    except ImportingError:
        return
    for each in made:
        Document.parse(each.text, "x").validate(Script)


async def test_today_s_answers_stand_beside_what_was_said(
    chat: Path, tmp_path: Path, definitions: Definitions
) -> None:
    """Turn by turn; a recording that fails no expectation has none."""
    out = tmp_path / "out.yml"
    assert run(chat, "-o", out).exit_code == 0
    explored = await explore(out, definitions, in_memory(SETTINGS, None))
    first, dates, pause, last = explored.rows
    assert first.happens == '"Pagi"'
    assert [INVENTED.sub("pagi NAMA", each) for each in first.was] == [GREETED]
    assert dates.was == ("1. 21 Agustus",)
    assert any("1. Rabu, 21 Agustus 2024" in each for each in dates.now)
    assert pause.happens == "waiting 0:38:00"
    assert last.now


async def test_a_code_that_is_sent_back_is_today_s(
    tmp_path: Path, definitions: Definitions
) -> None:
    """The old one is nobody's any more; a date is no code, though the office wrote it, too."""
    path, out = tmp_path / "chat.txt", tmp_path / "out.yml"
    path.write_text(
        "20/08/24 09.12 - Rina: #Rina Contoh#17081990#22082024\n"
        "20/08/24 09.12 - Kanim Jakarta Pusat: Contoh 22082024. Kode persetujuan: *00002681*\n"
        "20/08/24 09.13 - Rina: 00002681\n"
        "20/08/24 09.13 - Kanim Jakarta Pusat: Kode booking JKP-7F4Q2\n"
        "20/08/24 09.14 - Rina: 22082024\n"
    )
    assert run(path, "-o", out, "--as-is").exit_code == 0
    explored = await explore(out, definitions, in_memory(SETTINGS, None))
    assert [row.happens for row in explored.rows[1:]] == ['"{{ code }}"', '"22082024"']
    assert any("Kode booking" in each for each in explored.rows[1].now)


async def test_what_cannot_be_played_is_said_and_ends_it(
    tmp_path: Path, definitions: Definitions
) -> None:
    """As when something is tapped that is not there; what a recording expects stands as `then`."""
    path = tmp_path / "one.yml"
    path.write_text(
        "title: x\nnow: 2026-11-23T09:00+07:00\noffice: jakarta_pusat\n"
        "contact: {sender: '6281200000001'}\nturns:\n"
        "- user: '#tgllayanan'\n  bot: [Halo, {contains: satu}]\n"
        "- user: {tap: Tidak ada}\n- user: ya\n"
    )
    explored = await explore(path, definitions, in_memory(SETTINGS, None))
    first, tapped = explored.rows
    assert first.was == ("Halo", "… satu …")
    assert "Tidak ada" in tapped.problem


def test_explore_prints_a_table_and_writes_json(chat: Path, tmp_path: Path) -> None:
    """And its exit code is 0, whatever is said today."""
    out, document = tmp_path / "out.yml", tmp_path / "out.json"
    assert run(chat, "-o", out).exit_code == 0
    arguments = ["replay", "--explore", str(out), "--json", str(document)]
    result = CliRunner().invoke(cli, [*arguments, "--config", str(ROOT / "config.yml")])
    assert result.exit_code == 0
    assert re.search(r"Selamat pagi \w+!", result.stdout)
    (explored,) = json.loads(document.read_text())
    assert [row["line"] for row in explored["rows"]] == [8, 13, 16, 17]
    assert [INVENTED.sub("pagi NAMA", each) for each in explored["rows"][0]["was"]] == [GREETED]


def test_who_was_renamed_on_the_way_is_one_person(chat: Path, tmp_path: Path) -> None:
    """Both names are said; neither stands in the recording."""
    text = CHAT.replace("09.16 - Rina Wulandari: Pesan ini telah dihapus", "09.16 - Bu Ningsih: ya")
    text = text.replace("09.50 - Rina Wulandari", "09.50 - Bu Ningsih")
    chat.write_text(text.replace("#tgllayanan\n20", "#tgllayanan, salam dari Ningsih\n20"))
    asked = run(chat)
    assert "several write to the office" in str(asked.exception)
    assert "if somebody was renamed, say both names" in str(asked.exception)
    out = tmp_path / "out.yml"
    both = ("--applicant", "Ningsih", "--applicant", "Rina")
    result = run(chat, "-o", out, *both)
    assert result.exit_code == 0, result.exception
    prompts = [turn.prompt for turn in Recording.read(out).script.turns]
    assert [prompts[0], *prompts[2:]] == [
        '"Pagi"',
        '"ya"',
        "waiting 0:38:00",
        '"hp saya 081200000101"',
    ]
    assert not re.search("Ningsih|Wulandari", out.read_text())
