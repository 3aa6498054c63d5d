import asyncio
import errno
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path

import pytest
from pymongo.errors import DuplicateKeyError

from bot.errors import StorageUnavailable
from storage.driver import Database, open_database
from storage.embedded import EmbeddedMongo
from storage.folder import LOG_BYTES, Folder, Listening

BOT = """
import asyncio, sys
from pathlib import Path
from storage.embedded import EmbeddedMongo

async def main():
    mongo = EmbeddedMongo(Path(sys.argv[1]))
    await mongo.start()
    print(mongo.uri, mongo.process_id, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@asynccontextmanager
async def database_at(uri: str) -> AsyncIterator[Database]:
    """A connection to one of this file's own databases."""
    database = open_database(uri, "antre", "pymongo")
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[EmbeddedMongo]:
    """The folder's database, killed in the end: stopping it takes seconds."""
    mongo = EmbeddedMongo(folder)
    await mongo.start()
    try:
        yield mongo
    finally:
        if mongo._process is not None:
            mongo._watcher.cancel()
            mongo._process.kill()
        await mongo.stop()


@asynccontextmanager
async def a_bot(folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str, int]]:
    """Another process that owns the folder's database: it, the URI and the database's id."""
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-c", BOT, str(folder), stdout=asyncio.subprocess.PIPE
    )
    try:
        uri, process_id = (await bot.stdout.readline()).decode().split()
        yield bot, uri, int(process_id)
    finally:
        if bot.returncode is None:
            bot.kill()
        await bot.communicate()


async def until(holds: Callable[[], bool], seconds: float = 10) -> None:
    """Look again and again until something outside of this process holds."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - another process tells nobody
            await asyncio.sleep(0.02)


async def answer(database: Database) -> int:
    """The process id of a database that is on its way up."""
    async with asyncio.timeout(15):
        while True:
            try:
                return (await database.ask_server("serverStatus"))["pid"]
            except StorageUnavailable:
                continue


def runs(process_id: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return " Z " not in Path(f"/proc/{process_id}/stat").read_text("ascii")
    except FileNotFoundError:
        return False


async def test_it_keeps_what_it_was_given(tmp_path: Path) -> None:
    """Stopped and started again, on the port it had, the data are there; nothing runs on."""
    async with EmbeddedMongo(tmp_path) as mongo, database_at(mongo.uri) as database:
        uri, process_id = mongo.uri, mongo.process_id
        await database.collection("kept").insert_one({"_id": 1})
    assert not runs(process_id)
    async with EmbeddedMongo(tmp_path) as mongo, database_at(mongo.uri) as database:
        assert mongo.uri == uri
        assert await database.collection("kept").find({}) == [{"_id": 1}]
    assert Folder(tmp_path).log.exists()


async def test_killed_it_comes_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After ``kill -9`` it is started again where it was, with every acknowledged write."""
    async with running(tmp_path) as mongo, database_at(mongo.uri) as database:
        kept, acknowledged = database.collection("kept"), []

        async def write() -> None:
            for n in count():
                # The driver itself tries again for as long as it looks for a server, so an
                # insert may meet itself.
                with suppress(DuplicateKeyError):
                    await kept.insert_one({"_id": n})
                acknowledged.append(n)

        writing = asyncio.create_task(write())
        await until(lambda: len(acknowledged) > 50)
        killed = mongo.process_id
        os.kill(killed, signal.SIGKILL)
        await until(lambda: mongo.process_id != killed)
        assert await answer(database) == mongo.process_id
        writing.cancel()
        with suppress(asyncio.CancelledError, StorageUnavailable):
            await writing
        found = {document["_id"] for document in await kept.find({})}
        assert found >= set(acknowledged)
    assert "starting it again" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits another process")
async def test_a_database_that_cannot_write_is_started_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One whose disk was full answers only errors from then on, to reads too: nothing that failed
    is taken for saved, it is ended and started again, and what was acknowledged is there.
    """
    resource = pytest.importorskip("resource")
    async with running(tmp_path) as mongo, database_at(mongo.uri) as database:
        kept, acknowledged = database.collection("kept"), [0]
        await kept.insert_one({"_id": 0})

        async def fill() -> None:
            for n in range(1, 1000):
                await kept.insert_one({"_id": n, "long": "x" * 100_000})
                acknowledged.append(n)

        broken = mongo.process_id
        resource.prlimit(broken, resource.RLIMIT_FSIZE, (1, 1))  # to it the disk is full
        with pytest.raises(StorageUnavailable):
            await fill()
        with pytest.raises(StorageUnavailable):
            await kept.find_one({"_id": 0})
        await until(lambda: mongo.process_id != broken, seconds=30)
        assert await answer(database) == mongo.process_id
        found = {each["_id"] for each in await kept.find({}, only=["_id"])}
        assert found >= set(acknowledged)
    assert "cannot go on" in capsys.readouterr().out


async def test_a_full_disk_does_not_end_the_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While nothing at all can be written the database stays away; then it comes back."""
    async with running(tmp_path) as mongo, database_at(mongo.uri) as database:
        tried = asyncio.Event()

        def full(_: Folder) -> None:
            tried.set()
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(Folder, "bound_log", full)
            patched.setattr("storage.embedded._spawn", lambda *_: full(mongo._folder))
            os.kill(mongo.process_id, signal.SIGKILL)
            await asyncio.wait_for(tried.wait(), 10)
        assert await answer(database) == mongo.process_id


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child to its parent")
async def test_it_dies_with_its_bot(tmp_path: Path) -> None:
    """``kill -9`` of the bot ends its database too."""
    async with a_bot(tmp_path) as (bot, _, process_id):
        assert runs(process_id)
        bot.kill()
        await until(lambda: not runs(process_id))


async def test_a_guest_takes_over(tmp_path: Path) -> None:
    """A second bot uses the first one's database, and takes over when the first is killed."""
    async with (
        a_bot(tmp_path) as (bot, uri, process_id),
        running(tmp_path) as mongo,
        database_at(mongo.uri) as database,
    ):
        assert (mongo.uri, mongo.process_id) == (uri, None)
        await database.collection("kept").insert_one({"_id": 1})
        bot.kill()
        await until(lambda: mongo.process_id is not None)
        assert mongo.process_id == await answer(database) != process_id
        assert mongo.uri == uri
        assert await database.collection("kept").find({}) == [{"_id": 1}]


async def test_bots_that_start_at_once(tmp_path: Path) -> None:
    """Of bots that start at the same moment one owns the database; the others stop nothing."""
    bots = [EmbeddedMongo(tmp_path) for _ in range(3)]
    await asyncio.gather(*(bot.start() for bot in bots))
    assert len({bot.uri for bot in bots}) == 1
    (owner,) = [bot for bot in bots if bot.process_id]
    await asyncio.gather(*(bot.stop() for bot in bots if bot is not owner))
    async with database_at(owner.uri) as database:
        assert await answer(database) == owner.process_id
    await owner.stop()


async def test_a_database_left_behind(tmp_path: Path) -> None:
    """A database that outlived its bot is ended, and its folder served by a new one."""
    async with running(tmp_path) as orphaned:
        folder = orphaned._folder
        orphaned._watcher.cancel()
        folder.give_back()
        async with running(tmp_path) as mongo, database_at(mongo.uri) as database:
            assert mongo.uri == orphaned.uri
            assert await answer(database) == mongo.process_id
            assert not runs(orphaned.process_id)


async def test_it_does_not_start(tmp_path: Path) -> None:
    """A folder it cannot use is an error with the end of its log; another bot may try then."""
    (tmp_path / "WiredTiger").write_bytes(b"no database")
    (tmp_path / "WiredTiger.turtle").write_bytes(b"no database")
    with pytest.raises(StorageUnavailable, match=r"does not start in [\s\S]*_wiredtiger"):
        await EmbeddedMongo(tmp_path).start()
    folder = Folder(tmp_path)
    assert folder.take()
    folder.give_back()


async def test_a_port_taken_by_a_stranger(tmp_path: Path) -> None:
    """Another program on the port of last time is left alone: another port is used."""

    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    stranger = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = stranger.sockets[0].getsockname()[1]
    Folder(tmp_path).listening = Listening(port, os.getpid())
    async with running(tmp_path) as mongo:
        assert f":{port}/" not in mongo.uri
    stranger.close()
    await stranger.wait_closed()


def test_the_folder_is_private(tmp_path: Path) -> None:
    """Applicants' data are for the bot's user only."""
    folder = Folder(tmp_path / "antre" / "data")
    assert folder.path.stat().st_mode & 0o077 == 0


def test_one_owner_a_folder(tmp_path: Path) -> None:
    """The lock has one holder, and is free once given back."""
    one, other = Folder(tmp_path), Folder(tmp_path)
    assert one.take()
    assert one.take()
    assert not other.take()
    one.give_back()
    assert other.take()
    assert (one.owned, other.owned) == (False, True)
    other.give_back()


@pytest.mark.parametrize("text", ["", "nonsense", "1 2 3", "one two"])
def test_where_it_listens(tmp_path: Path, text: str) -> None:
    """What was noted is read back; nonsense counts as nothing."""
    folder = Folder(tmp_path)
    assert folder.listening is None
    folder.listening = Listening(27_017, 4711)
    assert Folder(tmp_path).listening == Listening(27_017, 4711)
    (tmp_path / "antre-port").write_text(text)
    assert folder.listening is None


def test_the_log_is_bounded(tmp_path: Path) -> None:
    """A log grown too long moves aside while the database goes on writing to it."""
    folder = Folder(tmp_path)
    with folder.log.open("ab", buffering=0) as writing:
        writing.write(b"long ago\n" * (LOG_BYTES // 9 + 1))
        folder.bound_log()
        writing.write(b"just now\n")
        folder.bound_log()
    assert folder.log_tail() == "just now"
    assert folder.log.stat().st_size == 9
    assert (tmp_path / "secantusd.log.old").stat().st_size > LOG_BYTES
