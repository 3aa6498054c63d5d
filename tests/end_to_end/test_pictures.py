"""A picture that was published: sent by a process whose folder never had it."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from bot.graph_stub.server import PICTURES, GraphStandIn
from tests.end_to_end.conftest import House
from tests.support.applicant import Applicant
from tests.support.service import ROOT, run

SIGN = PICTURES["image/jpeg"] + b"where the counter is"


def project(folder: Path) -> Path:
    """A copy of the passport queue; its settings."""
    shutil.copytree(ROOT / "flows", folder / "flows")
    return Path(shutil.copy(ROOT / "config.yml", folder))


def with_a_picture(folder: Path) -> None:
    """Let the answer to thanks show a sign."""
    path = folder / "flows" / "replies" / "id.yml"
    shown = "you_are_welcome: {text: Loket ada di sini., picture: sign.jpg}"
    text, found = re.subn(
        "^you_are_welcome: .*$", shown, path.read_text("utf-8"), flags=re.MULTILINE
    )
    assert found == 1
    path.write_text(text, encoding="utf-8")
    (folder / "flows" / "pictures").mkdir()
    (folder / "flows" / "pictures" / "sign.jpg").write_bytes(SIGN)


async def test_published(
    on_mongo: House, tmp_path: Path, graph: GraphStandIn, applicant: Callable[..., Applicant]
) -> None:
    """One bot uploads what was published elsewhere, once, and sends it with its words."""
    for name in ("author", "office"):
        (tmp_path / name).mkdir()
    author, office = project(tmp_path / "author"), project(tmp_path / "office")
    with_a_picture(author.parent)
    where = {k: v for k, v in on_mongo.variables.items() if k.startswith(("MONGODB_", "ANTRE_"))}
    options = ["--config", str(author), "--note", "the sign"]
    code, said = await run("flows", "publish", *options, **where)
    assert code == 0, said
    service = await on_mongo.serve("--config", str(office))
    rina = applicant(lambda: service.url)
    for _ in range(2):
        await rina.say("makasih ya")
        await rina.hears("Loket ada di sini.")
    sent = [message["image"] for message in graph.messages if message["type"] == "image"]
    assert [image["caption"] for image in sent] == ["Loket ada di sini."] * 2
    assert graph.media == {image["id"]: SIGN for image in sent}
