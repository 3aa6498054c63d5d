"""``antre graph-stub`` as an operator uses it."""

from __future__ import annotations

import asyncio
import signal

from aiohttp import ClientSession

from tests.support.service import ANTRE, ROOT, environment, free_port, run
from tests.support.webhooks import APPLICANT, OFFICE_NUMBER


async def test_say() -> None:
    """It names what to start the bot with; what is said on the command line stands on the page."""
    port, nobody = free_port(), free_port()
    webhook = f"http://127.0.0.1:{nobody}/webhooks/whatsapp"
    process = await asyncio.create_subprocess_exec(
        *(ANTRE, "graph-stub", "--port", str(port), "--webhook", webhook, "--odd-statuses", "0.5"),
        cwd=ROOT,
        env=environment(SECRET_OF_OURS="not shown"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    try:
        said = [(await process.stdout.readline()).decode() for _ in range(5)]
        assert said[0] == f"READY http://127.0.0.1:{port}/v26.0\n"
        assert f"antre serve --port {nobody} --data" in said[4]
        options = ("--from", f"+{APPLICANT}", "--to", OFFICE_NUMBER, "--port", str(port))
        code, id_ = await run("graph-stub", "say", "Pagi", *options)
        assert (code, id_[:12]) == (0, "wamid.PERSON")
        async with ClientSession() as session:
            url = f"http://127.0.0.1:{port}/_control"
            async with session.get(f"{url}/chats") as response:
                (line,) = (await response.json())["lines"]
            async with session.get(f"{url}/behaviour") as response:
                assert (await response.json())["odd_statuses"] == 0.5
        assert line["message"]["text"] == {"body": "Pagi"}
        code, told = await run("graph-stub", "say", "Pagi", *options[:3], "628110000", *options[4:])
        assert (code, "628110000 is no office's" in told) == (1, True)
    finally:
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def test_mistakes() -> None:
    """A share beyond 1, and a stand-in that is not there, are told in a line."""
    (code, told), (code_of_say, told_of_say) = await asyncio.gather(
        run("graph-stub", "--fail", "2"),
        run(
            *("graph-stub", "say", "Pagi", "--from", APPLICANT, "--to", OFFICE_NUMBER),
            *("--port", str(free_port())),
        ),
    )
    assert (code, told.startswith("--fail: ")) == (1, True), told
    assert (code_of_say, "start: antre graph-stub" in told_of_say) == (1, True), told_of_say
