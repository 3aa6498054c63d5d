"""What ``--update`` writes, and what it leaves alone."""

from difflib import ndiff

from bot.definitions import Definitions
from tests.replay.writing import HEADER, ReplayFile, Write

WRITTEN_BY_HAND = """
# how it began
- user: '#Rina Wulandari#17081990#25112026'   # quotes stay
  bot:
    - contains: privasi
    - contains: Konfirmasi
    # this one is wrong
    - Halo

# a repetition
- user: {again: true}

- user: |
    #batal
    #batal
- wait: 1 minute
  bot: [Halo]
- user: Pagi
"""


async def test_update_writes_what_the_bot_says(write: Write, replay_file: ReplayFile) -> None:
    """Afterwards the recording passes."""
    path = write(WRITTEN_BY_HAND)
    assert not (await replay_file(path)).passed
    result = await replay_file(path, updating=True)
    assert result.passed
    assert result.updated
    assert (await replay_file(path)).passed


async def test_update_leaves_the_rest_to_the_letter(write: Write, replay_file: ReplayFile) -> None:
    """Header, comments, quotes, blank lines and messages that were right stay as they are."""
    path = write(WRITTEN_BY_HAND)
    before = path.read_text().splitlines()
    await replay_file(path, updating=True)
    changes = list(ndiff(before, path.read_text().splitlines()))
    gone = [line[2:] for line in changes if line.startswith("- ")]
    assert gone == ["      - Halo", "    bot: [Halo]"]


async def test_update_is_idempotent(write: Write, replay_file: ReplayFile) -> None:
    """A second time there is nothing to write."""
    path = write(WRITTEN_BY_HAND)
    await replay_file(path, updating=True)
    once = path.read_text()
    result = await replay_file(path, updating=True)
    assert not result.updated
    assert path.read_text() == once


async def test_silence_is_written_as_an_empty_list(write: Write, replay_file: ReplayFile) -> None:
    """Where something was expected and nothing came."""
    path = write("- user: Pagi\n- wait: 1 minute\n  bot:\n    - Halo\n")
    assert (await replay_file(path, updating=True)).passed
    assert "- wait: 1 minute\n    bot: []\n" in path.read_text()


async def test_update_refreshes_the_version(
    write: Write, replay_file: ReplayFile, definitions: Definitions
) -> None:
    """The version of the flows it was recorded on, with the comment beside it."""
    path = write("- user: {sticker: ''}", f"{HEADER}version: old  # by hand\n")
    await replay_file(path, updating=True)
    assert f"version: '{definitions.flows.version}'  # by hand\n" in path.read_text()


async def test_another_version_is_no_difference(write: Write, replay_file: ReplayFile) -> None:
    """It only informs."""
    path = write(
        "- {user: Pagi, bot: [{contains: Selamat}, {contains: Cara}]}", f"{HEADER}version: old\n"
    )
    assert (await replay_file(path)).passed


async def test_a_turn_on_one_line_is_refused(write: Write, replay_file: ReplayFile) -> None:
    """A form that cannot be rewritten is left alone, with a word about what to do."""
    path = write("- {user: Pagi, bot: [Halo]}")
    before = path.read_text()
    result = await replay_file(path, updating=True)
    assert "cannot be rewritten; put 'user:', 'bot:'" in result.complaints[0].headline
    assert path.read_text() == before


async def test_an_unknown_tap_stays_wrong(write: Write, replay_file: ReplayFile) -> None:
    """What cannot be played cannot be written; the turns before it are."""
    path = write("- user: Pagi\n- user: {tap: Setuju}\n")
    result = await replay_file(path, updating=True)
    assert "there is no [Setuju]" in result.complaints[0].headline
    assert "Selamat pagi" in path.read_text()
