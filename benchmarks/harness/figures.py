"""Figures of runs: quantiles, medians of several runs, ratios of those made side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from harness.loops import Timed


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one contestant.

    Args:
        p50, p95, p99: milliseconds a message.
        rate: messages a second.
        cpu: milliseconds of processor time a message, by process.
        memory_mb: resident, of the server, when it ended.
    """

    p50: float
    p95: float
    p99: float
    rate: float
    cpu: Mapping[str, float]
    memory_mb: float
    steps: Mapping[str, float]


def run_of(timed: Timed, seconds: float, cpu: Mapping[str, float], memory_mb: float) -> Run:
    """What a loop's times say.

    Args:
        seconds: it took in all.
        cpu: seconds of processor time in all, by process.
    """
    took = sorted(timed.all)
    return Run(
        p50=quantile(took, 0.50),
        p95=quantile(took, 0.95),
        p99=quantile(took, 0.99),
        rate=len(took) / seconds,
        cpu={name: 1000 * spent / len(took) for name, spent in cpu.items()},
        memory_mb=memory_mb,
        steps={what: median(times) for what, times in timed.took.items()},
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """Of sorted values: the smallest that so large a share is not above."""
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def middle(runs: Sequence[Run]) -> Run:
    """The medians of several runs, figure by figure."""
    return Run(
        p50=median(run.p50 for run in runs),
        p95=median(run.p95 for run in runs),
        p99=median(run.p99 for run in runs),
        rate=median(run.rate for run in runs),
        cpu={name: median(run.cpu[name] for run in runs) for name in runs[0].cpu},
        memory_mb=median(run.memory_mb for run in runs),
        steps={name: median(run.steps[name] for run in runs) for name in runs[0].steps},
    )


def ratio(ours: Sequence[float], others: Sequence[float]) -> float:
    """The median of ratios of runs made one after the other, so under the same load."""
    return median(one / other for one, other in zip(ours, others, strict=True))


def spread(ours: Sequence[float], others: Sequence[float]) -> tuple[float, float]:
    """The smallest and the largest of those ratios."""
    ratios = [one / other for one, other in zip(ours, others, strict=True)]
    return min(ratios), max(ratios)
