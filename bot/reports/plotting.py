"""A report as a picture, by matplotlib: Indonesian labels, English beside them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from bot.reports.columns import KEYS, By
from bot.reports.report import Report
from bot.reports.tally import Column
from bot.reports.writing import shown, title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Theme: TypeAlias = Literal["light", "dark"]
Form: TypeAlias = Literal["png", "svg"]

MOST_BARS: Final = 40
"""Beyond that, bars stand beside each other without room for a name each."""

MOST_LETTERS: Final = 80
"""Beyond that, names under bars are turned."""

DPI: Final = 120


@dataclass(frozen=True, slots=True)
class _Panel:
    """One set of axes.

    Args:
        bars: columns, stacked.
        lines: columns, as points on a line over the bars.
        unit: of its scale, in both languages.
    """

    bars: tuple[str, ...]
    lines: tuple[str, ...]
    unit: str


_QUEUE: Final = _Panel(
    ("served", "waiting", "to_come", "rejected", "left", "no_show", "late", "voided"),
    ("quota",),
    "orang / people",
)
_TIMES: Final = _Panel((), ("wait_median", "wait_p90", "service_median"), "menit / minutes")
_TALK: Final = _Panel(("dialogues",), ("booked", "misunderstood"), "percakapan, pesan / messages")
_PANELS: Final[dict[By, tuple[_Panel, ...]]] = {
    "day": (_QUEUE, _TIMES, _TALK),
    "hour": (_QUEUE, _TIMES, _TALK),
    "week": (_QUEUE, _TIMES, _TALK),
    "month": (_QUEUE, _TIMES, _TALK),
    "weekday": (_QUEUE, _TIMES, _TALK),
    "weekday_hour": (_QUEUE, _TIMES, _TALK),
    "session": (_QUEUE, _TIMES),
    "staff": (_Panel(("served", "rejected", "voids"), (), "orang / people"), _TIMES),
    "reason": (_Panel(("rejected", "voids"), (), "orang / people"),),
    "state": (
        _Panel(("dialogues",), ("given_up",), "percakapan / dialogues"),
        _Panel(("messages",), ("misunderstood",), "pesan / messages"),
    ),
}
"""What is drawn; every figure stands in the other forms too."""

_LYING: Final = frozenset({"staff", "reason", "state"})
"""Groups whose names are long: their bars lie."""

_INK: Final[dict[Theme, tuple[str, str, str]]] = {
    "light": ("#ffffff", "#1f2933", "#d5dbe1"),
    "dark": ("#14181d", "#e6eaee", "#39424d"),
}
"""Ground, ink and grid."""

_COLOURS: Final = (
    "#2f8f5b",
    "#8ecae6",
    "#4a86c5",
    "#e07a2f",
    "#b08ad0",
    "#c8453b",
    "#e3b23c",
    "#8d99a6",
)
_LINES: Final[dict[Theme, tuple[str, ...]]] = {
    "light": ("#1f2933", "#c8453b", "#2f6fb0"),
    "dark": ("#e6eaee", "#ff8a75", "#7fb8f0"),
}


def picture(report: Report, form: Form, theme: Theme) -> bytes:
    """The report drawn; the same report gives the same bytes."""
    import matplotlib as mpl  # noqa: PLC0415 - half a second that tables need not wait for

    written = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "antre", "svg.fonttype": "none", "font.size": 9}):
        metadata: dict[str, Any] = {"Date": None} if form == "svg" else {"Software": None}
        figure_of(report, theme).savefig(written, format=form, dpi=DPI, metadata=metadata)
    return written.getvalue()


def figure_of(report: Report, theme: Theme) -> Figure:
    """The drawing, on no screen."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    panels, groups = _PANELS[report.by], max(1, len(report.rows))
    ground, ink, grid = _INK[theme]
    lying = report.by in _LYING
    if lying:
        size = (11.0, len(panels) * max(2.2, 1.4 + 0.3 * groups) + 0.8)
    else:
        size = (max(9.0, min(16.0, 3 + 0.4 * groups)), 3.0 * len(panels) + 0.8)
    figure = Figure(figsize=size, facecolor=ground, layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(title(report), color=ink, fontsize=12, fontweight="bold")
    for axes, panel in zip(figure.subplots(len(panels), squeeze=False)[:, 0], panels, strict=True):
        axes.set_facecolor(ground)
        axes.tick_params(colors=ink)
        axes.grid(visible=True, axis="x" if lying else "y", color=grid, linewidth=0.6)
        axes.set_axisbelow(True)
        for side, spine in axes.spines.items():
            spine.set_visible(side in {"left", "bottom"})
            spine.set_color(grid)
        _draw(axes, report, panel, theme, lying=lying)
        _legend(axes, ink, ground)
    return figure


def _draw(axes: Axes, report: Report, panel: _Panel, theme: Theme, *, lying: bool) -> None:
    columns = {column.name: column for column in report.columns}
    places = range(len(report.rows))
    floor = [0.0] * len(report.rows)
    highest = 1.0
    for colour, name in zip(_COLOURS, panel.bars, strict=False):
        heights = [float(row.figures[name]) for row in report.rows]
        label = _label(report, columns[name])
        if lying:
            axes.barh(places, heights, left=floor, color=colour, label=label, gid=name)
        else:
            axes.bar(places, heights, bottom=floor, color=colour, label=label, gid=name)
        floor = [below + height for below, height in zip(floor, heights, strict=True)]
    highest = max([highest, *floor])
    for colour, name in zip(_LINES[theme], panel.lines, strict=False):
        values = [_or_gap(row.figures[name]) for row in report.rows]
        highest = max([highest, *(value for value in values if not isnan(value))])
        label, size = _label(report, columns[name]), 4 if len(report.rows) <= MOST_BARS else 2
        style: dict[str, Any] = {"color": colour, "label": label, "gid": name, "markersize": size}
        if lying:
            axes.plot(values, places, "D", clip_on=False, **style)
        else:
            steps = "steps-mid" if name == "quota" else "default"
            axes.plot(places, values, "o-", linewidth=1, drawstyle=steps, **style)
    ink = _INK[theme][1]
    key, scale = " / ".join(KEYS[report.by]), panel.unit
    axes.set_xlabel(scale if lying else key, color=ink)
    axes.set_ylabel(key if lying else scale, color=ink)
    _name_groups(axes, [row.key for row in report.rows], lying=lying)
    ends = (-0.6, len(report.rows) - 0.4)  # the same in all panels, so that they can be compared
    if lying:
        axes.set_xlim(0, highest * 1.05)
        axes.set_ylim(ends[::-1])
    else:
        axes.set_ylim(0, highest * 1.05)
        axes.set_xlim(ends)


def _name_groups(axes: Axes, keys: list[str], *, lying: bool) -> None:
    """Name the groups; of very many only every so many."""
    if lying:
        axes.set_yticks(range(len(keys)), keys)
        return
    every = -(-len(keys) // MOST_BARS) or 1
    named = list(range(0, len(keys), every))
    turned = 60 if len(named) > 1 and sum(len(keys[at]) for at in named) > MOST_LETTERS else 0
    axes.set_xticks(named, [keys[at] for at in named], rotation=turned)


def _legend(axes: Axes, ink: str, ground: str) -> None:
    legend = axes.legend(
        loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, facecolor=ground
    )
    for text in legend.get_texts():
        text.set_color(ink)


def _label(report: Report, column: Column) -> str:
    """A column's name in both languages, with its figure for all groups."""
    total = shown(report.total.figures[column.name])
    return f"{column.label[0]} / {column.label[1]}: {total}"


def _or_gap(value: Any) -> float:
    return float("nan") if value is None else float(value)
