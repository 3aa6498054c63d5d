"""``antre graph-stub``: rehearse without Meta."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.graph_stub.server import GraphStandIn


def graph_stub(
    port: Annotated[int, typer.Option(help="Where to listen; 0 takes a free port.")] = 8099,
    token: Annotated[str, typer.Option(help="The access token it takes; else one for tests.")] = "",
) -> None:
    """Stand in for Meta's Graph API on this machine, refusing what Meta refuses."""
    from bot.graph_stub.running import serve_stub  # noqa: PLC0415 - `--help` need not load it
    from bot.graph_stub.server import TOKEN, GraphStandIn  # noqa: PLC0415

    asyncio.run(serve_stub(GraphStandIn(token or TOKEN), port, _ready))


def _ready(graph: GraphStandIn) -> None:
    typer.echo(f"READY {graph.url}")
