"""``antre graph-stub``: rehearse without Meta."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.options import CONFIG, Config
from bot.errors import AntreError, ConfigError

if TYPE_CHECKING:
    from bot.graph_stub.behaviour import Behaviour

graph_stub = typer.Typer(help="Stand in for Meta's Graph API, to rehearse without Meta.")

PORT = 8099
SECRET_VARIABLE = "WHATSAPP_APP_SECRET"  # noqa: S105 - its name
REHEARSAL_SECRET = "rehearsal-app-secret"  # noqa: S105 - opens nothing

Port = Annotated[int, typer.Option(help="Where to listen; 0 takes a free port.", min=0, max=65535)]


@graph_stub.callback(invoke_without_command=True)
def stand_in(
    context: typer.Context,
    *,
    host: Annotated[
        str, typer.Option(help="Elsewhere than on this machine, whoever comes is an applicant.")
    ] = "127.0.0.1",
    port: Port = PORT,
    token: Annotated[str, typer.Option(help="The access token it takes; else one for tests.")] = "",
    webhook: Annotated[
        str, typer.Option(help="Where the bot hears applicants and what became of its messages.")
    ] = "http://127.0.0.1:8080/webhooks/whatsapp",
    app_secret_env: Annotated[
        str, typer.Option(help="The variable that holds the app secret, which signs webhooks.")
    ] = SECRET_VARIABLE,
    fail: Annotated[float, typer.Option(help="Share of calls that fail for now.")] = 0,
    throttle: Annotated[float, typer.Option(help="Share refused as too many (130429).")] = 0,
    drop: Annotated[float, typer.Option(help="Share whose connection is cut.")] = 0,
    lose: Annotated[float, typer.Option(help="Share taken whose answer is cut off.")] = 0,
    hang: Annotated[float, typer.Option(help="Share never answered.")] = 0,
    delay: Annotated[float, typer.Option(help="Seconds before each answer.")] = 0,
    expired: Annotated[bool, typer.Option("--expired", help="The token has run out.")] = False,
    odd_statuses: Annotated[
        float, typer.Option(help="Share of statuses out of order, doubled or missing.")
    ] = 0,
    undeliverable: Annotated[
        float, typer.Option(help="Share of messages taken, then reported as failed.")
    ] = 0,
    statuses: Annotated[bool, typer.Option(help="Report what became of messages.")] = True,
    config: Config = CONFIG,
) -> None:
    """Serve a Graph API of your own that refuses what Meta refuses, and play the applicants.

    The page it names shows a phone for each number, and changes all of this while it runs.
    """
    if context.invoked_subcommand:
        return
    behaviour = _behaviour(
        fail=fail,
        throttle=throttle,
        drop=drop,
        lose=lose,
        hang=hang,
        delay_seconds=delay,
        expired=expired,
        odd_statuses=odd_statuses,
        undeliverable=undeliverable,
        statuses=statuses,
    )
    from bot.booking.office import load_offices  # noqa: PLC0415 - `--help` need not load it all
    from bot.graph_stub.running import rehearse  # noqa: PLC0415
    from bot.graph_stub.server import TOKEN, GraphStandIn  # noqa: PLC0415
    from bot.settings import load_settings  # noqa: PLC0415

    offices = load_offices(load_settings(config, os.environ).flows.folder / "offices.yml")
    numbers = {number: each.short_name for each in offices for number in each.numbers}
    graph = GraphStandIn(token or TOKEN)
    graph.behaviour = behaviour
    secret = os.environ.get(app_secret_env, "")

    def ready() -> None:
        typer.echo(f"READY {graph.url}")
        typer.echo(_advice(graph.url, graph.token, secret, webhook, app_secret_env))

    asyncio.run(
        rehearse(
            graph, numbers, webhook, secret or REHEARSAL_SECRET, host=host, port=port, ready=ready
        )
    )


def _behaviour(**told: float | bool) -> Behaviour:
    from pydantic import ValidationError  # noqa: PLC0415

    from bot.graph_stub.behaviour import Behaviour  # noqa: PLC0415

    try:
        return Behaviour.model_validate(told)
    except ValidationError as error:
        wrong = error.errors()[0]
        name = str(wrong["loc"][0]).removesuffix("_seconds").replace("_", "-")
        raise ConfigError(f"--{name}: {wrong['msg']}") from None


def _advice(url: str, token: str, secret: str, webhook: str, variable: str) -> str:
    """How to start a bot that talks to it; a secret that is set is not repeated."""
    shown = f'"${variable}"' if secret else REHEARSAL_SECRET
    port = webhook.partition("://")[2].partition("/")[0].partition(":")[2] or "8080"
    return "\n".join(
        [
            "Start a bot that talks to it, in another terminal, on a database of its own:",
            f"  export WHATSAPP_GRAPH_URL={url} WHATSAPP_ACCESS_TOKEN={token} \\",
            f"    WHATSAPP_APP_SECRET={shown} WHATSAPP_VERIFY_TOKEN=rehearsal MONGODB_URI=",
            f"  antre serve --port {port} --data .data/rehearsal",
            f"Then be an applicant at {url.rpartition('/')[0]}/",
        ]
    )


@graph_stub.command()
def say(
    text: Annotated[str, typer.Argument(help="What the applicant writes.")],
    person: Annotated[str, typer.Option("--from", help="The applicant's number.")],
    number: Annotated[str, typer.Option("--to", help="The office's number.")],
    port: Port = PORT,
) -> None:
    """Write to the bot as an applicant, through a stand-in that runs on this machine."""
    from urllib.error import HTTPError, URLError  # noqa: PLC0415
    from urllib.request import Request, urlopen  # noqa: PLC0415

    import orjson  # noqa: PLC0415

    body = orjson.dumps({"from": _digits(person), "to": _digits(number), "text": text})
    asked = Request(f"http://127.0.0.1:{port}/_control/say", body)
    try:
        with urlopen(asked, timeout=10) as answer:  # noqa: S310 - http, as written
            typer.echo(orjson.loads(answer.read())["id"])
    except HTTPError as error:
        raise AntreError(error.read().decode()) from None
    except URLError as error:
        raise AntreError(
            f"no stand-in answers on port {port} ({error.reason}); start: antre graph-stub"
        ) from None


def _digits(number: str) -> str:
    return "".join(digit for digit in number if digit.isdigit())
