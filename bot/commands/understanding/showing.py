"""Evaluations for people, programs and CI."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, Final

from rich.table import Table

from bot.junit import Case
from nlu.evaluation import Evaluation, Judged, Score

SHOWN: Final = 3
"""Messages shown of a confusion."""

_PERCENTS: Final = (50, 95)


def figures_of(evaluation: Evaluation) -> dict[str, Any]:
    """All figures, as JSON has them; shares are 0 to 1."""
    return {
        "messages": len(evaluation.judged),
        "accuracy": evaluation.accuracy,
        "asked_back": evaluation.asked_back,
        "entities": _score(evaluation.all_entities()),
        "calibration_error": evaluation.calibration_error(),
        "latency_ms": {f"p{percent}": evaluation.latency_ms(percent) for percent in _PERCENTS},
        "by_intent": {name: _score(each) for name, each in evaluation.intents().items()},
        "by_entity": {name: _score(each) for name, each in evaluation.entities().items()},
        "wrong": [_told(each) for each in evaluation.judged if not _is_fine(each)],
    }


def json_of(evaluation: Evaluation) -> str:
    """:func:`figures_of`, written."""
    return json.dumps(figures_of(evaluation), ensure_ascii=False, indent=2) + "\n"


def summary(evaluation: Evaluation) -> str:
    """What matters most, in lines."""
    entities = evaluation.all_entities()
    p50, p95 = (evaluation.latency_ms(percent) for percent in _PERCENTS)
    return (
        f"{len(evaluation.judged)} messages: {evaluation.accuracy:.1%} of intents right, "
        f"{evaluation.asked_back:.1%} asked back\n"
        f"entities: precision {entities.precision:.1%}, recall {entities.recall:.1%}, "
        f"F1 {entities.f1:.1%}\n"
        f"confidence is off by {evaluation.calibration_error():.1%} on average\n"
        f"understood within {p50:.2f} ms (half of them), {p95:.2f} ms (95 of 100)"
    )


def tables_of(evaluation: Evaluation) -> Iterator[Table]:
    """Scores by intent and by entity type."""
    yield _scores("intent", evaluation.intents())
    yield _scores("entity", evaluation.entities())


def confusions_of(evaluation: Evaluation) -> Iterator[str]:
    """What was confused with what, the worst first, with some of the messages."""
    for meant, heard, where in evaluation.confusions():
        yield f"{len(where)} x {meant}, heard as {heard}:"
        for each in where[:SHOWN]:
            state = f" ({each.state})" if each.state else ""
            yield f"    {each.place}: {each.text!r:.90}{state} {each.confidence:.2f}"
    for each in evaluation.judged:
        if each.missed or each.invented:
            missed = "; ".join(f"missed {kind} {value}" for kind, value in each.missed)
            invented = "; ".join(f"invented {kind} {value}" for kind, value in each.invented)
            yield f"{each.place}: {'; '.join(filter(None, [missed, invented]))}: {each.text!r:.90}"


def cases_of(evaluation: Evaluation) -> list[Case]:
    """A test case for each message."""
    return [
        Case(
            group=each.meant,
            name=each.text,
            file=each.place,
            seconds=each.seconds,
            failure="" if _is_fine(each) else f"heard as {each.heard} {list(each.found)}",
            details=json.dumps(_told(each), ensure_ascii=False, indent=2),
        )
        for each in evaluation.judged
    ]


def picture_of(evaluation: Evaluation) -> bytes:
    """The confusion matrix as PNG: rows what was meant, columns what was heard."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - half a second

    names, counts = evaluation.matrix()
    side = 2.5 + 0.32 * len(names)
    figure = Figure(figsize=(side, side), dpi=120, layout="constrained")
    axes = figure.add_subplot()
    shares = [[count / max(sum(row), 1) for count in row] for row in counts]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("dipahami sebagai / heard as")
    axes.set_ylabel("maksud / meant")
    for y, row in enumerate(counts):
        for x, count in enumerate(row):
            if count:
                colour = "white" if shares[y][x] > 0.5 else "black"  # noqa: PLR2004 - half dark
                axes.text(x, y, str(count), ha="center", va="center", color=colour, fontsize=7)
    written = BytesIO()
    figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()


def _scores(what: str, scores: Mapping[str, Score]) -> Table:
    table = Table(what, *("there", "found", "precision", "recall", "F1"), box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for name, score in scores.items():
        shares = (score.precision, score.recall, score.f1)
        table.add_row(
            name, str(score.there), str(score.found), *(f"{share:.1%}" for share in shares)
        )
    return table


def _score(score: Score) -> dict[str, float]:
    return {
        "there": score.there,
        "found": score.found,
        "precision": score.precision,
        "recall": score.recall,
        "f1": score.f1,
    }


def _is_fine(judged: Judged) -> bool:
    return judged.right and not judged.missed and not judged.invented


def _told(judged: Judged) -> dict[str, Any]:
    return {
        "place": judged.place,
        "text": judged.text,
        "state": judged.state,
        "meant": judged.meant,
        "heard": judged.heard,
        "confidence": round(judged.confidence, 4),
        "missed": judged.missed,
        "invented": judged.invented,
    }
