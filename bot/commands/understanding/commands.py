"""The commands of ``antre nlu``."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.clock import system_clock
from bot.commands.options import CONFIG, Config, Data, moment_at
from bot.console import Console
from bot.errors import ConfigError, FlowError

if TYPE_CHECKING:
    from nlu.evaluation import Evaluation

nlu = typer.Typer(help="Understanding: train, try, measure.", no_args_is_help=True)

say = Console(stderr=True, soft_wrap=True)

Now = Annotated[str, typer.Option(help="At this moment, as 2026-11-23T09:00+07:00.")]
Known = Annotated[
    Literal["local", "rasa", "grammar"] | None,
    typer.Option(help="Who ranks meanings; else as settings say. `grammar` is the rules alone."),
]


@nlu.command()
def train(config: Config = CONFIG) -> None:
    """Learn from the examples; exit 1 with a line for each mistake in them.

    The bot does so by itself when it starts and the examples have changed.
    """
    from bot.settings import load_settings  # noqa: PLC0415 - `--help` need not load it all
    from nlu.corpus import read_corpus  # noqa: PLC0415
    from nlu.training import train as learn  # noqa: PLC0415

    settings = load_settings(config, os.environ)
    training = settings.flows.training
    corpus = read_corpus(training)
    mistakes = [*corpus.unreadable, *corpus.findings]
    if any(not each.warning for each in mistakes):
        raise FlowError(mistakes)
    for warning in mistakes:
        say.print(str(warning), markup=False, highlight=False, style="yellow")
    report = learn(training, settings.nlu.models)
    typer.echo(
        f"{training}: {report.intents} meanings learnt from {report.examples} examples in "
        f"{report.seconds:.1f} s; of examples it had not seen it knew {report.accuracy:.1%}"
    )
    typer.echo(f"{report.path}: written, {report.size / 1e6:.1f} MB")


@nlu.command()
def parse(
    texts: Annotated[
        list[str] | None, typer.Argument(help="Messages; - or none reads lines of them.")
    ] = None,
    now: Now = "",
    state: Annotated[str, typer.Option(help="The open state of the office's flow.")] = "",
    office: Annotated[str, typer.Option(help="Id of the office written to; else the first.")] = "",
    provider: Known = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="All that flows hear, under their own names.")
    ] = False,
    config: Config = CONFIG,
) -> None:
    """Understand messages: a line of JSON for each, in order.

    Lines are messages, or JSON as {"text": "besok bisa?", "state": "welcome", "office": "bogor"}.
    """
    from bot.commands.understanding.ears import ears  # noqa: PLC0415 - as above
    from bot.commands.understanding.parsing import parse_lines  # noqa: PLC0415
    from bot.settings import load_settings  # noqa: PLC0415

    settings = load_settings(config, os.environ)
    at = moment_at(now) or system_clock()
    given = [text for text in texts or [] if text != "-"]
    lines = [os.fsencode(text) for text in given] if given else sys.stdin.buffer

    def write(line: bytes) -> None:
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()

    def complain(line: str) -> None:
        say.print(line, markup=False, highlight=False, style="red")

    async def run() -> bool:
        async with ears(settings, provider or settings.nlu.provider, say) as heard:
            heard.expectation(office, state)  # a wrong option is told once, not with every line
            return await parse_lines(
                lines,
                heard,
                write,
                complain,
                now=at,
                state=state,
                office=office,
                everything=everything,
            )

    if not asyncio.run(run()):
        raise typer.Exit(1)


@nlu.command()
def evaluate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Labelled messages; else held_out.jsonl beside the examples."),
    ] = None,
    provider: Known = None,
    *,
    finer: Annotated[
        bool, typer.Option("--finer", help="Tell apart what only our own flows do.")
    ] = False,
    junit: Annotated[Path | None, typer.Option(help="Write a test case for each message.")] = None,
    figures: Annotated[Path | None, typer.Option("--json", help="Write all figures.")] = None,
    confusion: Annotated[
        Path | None, typer.Option(help="Write a picture of what was heard as what, as PNG.")
    ] = None,
    fail_under: Annotated[
        float, typer.Option(help="Exit 1 if a smaller share of intents is right.", min=0, max=1)
    ] = 0.0,
    now: Now = "",
    config: Config = CONFIG,
) -> None:
    """Measure how well labelled messages are understood."""
    from bot.commands.understanding import showing  # noqa: PLC0415 - as above
    from bot.commands.understanding.ears import ears  # noqa: PLC0415
    from bot.commands.understanding.evaluating import evaluated, read_labels  # noqa: PLC0415
    from bot.junit import write_junit  # noqa: PLC0415
    from bot.settings import load_settings  # noqa: PLC0415

    settings = load_settings(config, os.environ)
    labels = read_labels(files or [settings.flows.training / "test" / "held_out.jsonl"])
    at = moment_at(now) or system_clock()

    async def run() -> Evaluation:
        async with ears(settings, provider or settings.nlu.provider, say) as heard:
            return await evaluated(labels, heard, at, finer=finer)

    evaluation = asyncio.run(run())
    console = Console(soft_wrap=True, highlight=False)
    for table in showing.tables_of(evaluation):
        console.print(table, end="\n\n")
    for line in showing.confusions_of(evaluation):
        console.print(line, markup=False)
    console.print(f"\n{showing.summary(evaluation)}", markup=False)
    if junit:
        write_junit(junit, "antre nlu evaluate", showing.cases_of(evaluation))
    if figures:
        _write(figures, showing.json_of(evaluation).encode(), "--json")
    if confusion:
        _write(confusion, showing.picture_of(evaluation), "--confusion")
    if evaluation.accuracy < fail_under:
        say.print(f"fewer than {fail_under:.1%} of intents are right", style="red")
        raise typer.Exit(1)


@nlu.command()
def gaps(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Recordings, or folders of them; else the conversations kept here."),
    ] = None,
    below: Annotated[
        float, typer.Option(help="Confidence under which a message counts.", min=0, max=1)
    ] = 0.5,
    most: Annotated[int, typer.Option(help="Messages and words shown.", min=1)] = 50,
    config: Config = CONFIG,
    data: Data = None,
) -> None:
    """List what people wrote and the bot hardly understood, and words it does not know.

    Digits, and names it knows of, are blotted out; look before you copy anything.
    """
    from bot.app import stored_stores  # noqa: PLC0415 - as above
    from bot.command_settings import demo_settings, stored_settings  # noqa: PLC0415
    from bot.commands.understanding.gaps import (  # noqa: PLC0415
        Talk,
        gaps_in,
        lines_of,
        recorded_talks,
        talks_of,
    )
    from nlu.corpus import read_corpus  # noqa: PLC0415
    from nlu.features import levelled  # noqa: PLC0415

    def tell(line: str) -> None:
        say.print(line, markup=False, highlight=False)

    async def talks() -> list[Talk]:
        if paths:
            here = demo_settings(config, os.environ)
            return [talk async for talk in recorded_talks(here, paths, tell)]
        async with stored_stores(stored_settings(config, os.environ, data=data)) as stores:
            return [talk async for talk in talks_of(stores.conversations, system_clock())]

    settings = stored_settings(config, os.environ, data=data)
    examples = read_corpus(settings.flows.training).examples
    known = frozenset(word for example in examples for word in levelled(example.text))
    for line in lines_of(gaps_in(asyncio.run(talks()), known, below), most):
        typer.echo(line)


def _write(path: Path, content: bytes, option: str) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise ConfigError(f"{option}: cannot write {path}: {error.strerror}") from None
    say.print(f"{path}: written", markup=False, highlight=False)
