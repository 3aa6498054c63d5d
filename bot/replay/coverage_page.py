"""Coverage as pages to look at: each file line by line, and its diagram, coloured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final

from bot.dialogue.diagram.chart import chart_of
from bot.dialogue.diagram.svg import svg
from bot.dialogue.flow import Flow
from bot.errors import ConfigError
from bot.replay.coverage import Coverage
from bot.replay.coverage_table import how
from bot.replay.points import Point

_STYLE: Final = """
  :root { color-scheme: light dark; --paper: #fff; --ink: #1d2733; --soft: #5b6877;
    --rule: #d8dfe6; --hit: #e0f4e6; --partly: #fdf1cf; --missed: #fbdfd8; --link: #1a5fb4; }
  @media (prefers-color-scheme: dark) { :root { --paper: #14191f; --ink: #e4eaf0; --soft: #a3b0bd;
    --rule: #2c3742; --hit: #17311f; --partly: #3a3216; --missed: #47211a; --link: #8ab8f0; } }
  body { margin: 0; padding: 1.5rem; background: var(--paper); color: var(--ink);
    font: 15px/1.5 system-ui, sans-serif; }
  h1 { font-size: 1.3rem; } a { color: var(--link); } nav a { margin-right: .8rem; }
  main { display: flex; flex-wrap: wrap; gap: 2rem; align-items: flex-start; }
  .file { flex: 3 1 36rem; min-width: 0; overflow-x: auto; }
  .drawn { flex: 2 1 24rem; min-width: 0; overflow-x: auto; }
  .drawn svg { max-width: 100%; height: auto; }
  table { border-collapse: collapse; width: 100%; }
  td { padding: 0 .6rem; vertical-align: top; font: 13px/1.55 ui-monospace, monospace; }
  td.n { color: var(--soft); text-align: right; user-select: none; }
  td.code { white-space: pre; width: 100%; }
  .hit td { background: var(--hit); } .partly td { background: var(--partly); }
  .missed td { background: var(--missed); }
  summary { cursor: pointer; white-space: nowrap; } details ul { margin: 0; padding-left: 1.1rem; }
  .key span { padding: .1rem .6rem; margin-right: .5rem; border-radius: .3rem; }
  .key .hit { background: var(--hit); } .key .partly { background: var(--partly); }
  .key .missed { background: var(--missed); }
""".strip("\n")


_COLOURS: Final = {"strong": "hit", "weak": "partly", "missed": "missed"}


def write_pages(coverage: Coverage, flows: Mapping[str, Flow], folder: Path) -> list[Path]:
    """Write a page for each file of flows and replies, and an index of them.

    Raises:
        ConfigError: they cannot be written there.
    """
    parts: dict[str, list[Point]] = {}
    for point in coverage.atlas:
        parts.setdefault(point.part, []).append(point)
    texts = {_file(part): _page(coverage, part, parts, flows.get(part)) for part in parts}
    texts["index.html"] = _index(coverage, parts)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"--coverage-html: {folder} cannot be written: {error.strerror}"
        ) from None
    return [folder / name for name in texts]


def _file(part: str) -> str:
    return f"{part.replace('/', '_')}.html"


def _index(coverage: Coverage, parts: Mapping[str, Sequence[Point]]) -> str:
    rows = "".join(
        f'<tr><td><a href="{_file(part)}">{escape(part)}</a></td>'
        f"<td>{sum(how(coverage, each) == 'strong' for each in points)}/{len(points)}</td></tr>"
        for part, points in parts.items()
    )
    told = f"{coverage.percent():.1f} % of states and transitions"
    return _html("Coverage", f"<p>{told}</p><main><table>{rows}</table></main>")


def _page(
    coverage: Coverage, part: str, parts: Mapping[str, Sequence[Point]], flow: Flow | None
) -> str:
    points = parts[part]
    by_line: dict[int, list[Point]] = {}
    for point in points:
        by_line.setdefault(point.place.line, []).append(point)
    source = Path(points[0].place.file)
    lines = source.read_text(encoding="utf-8-sig").splitlines()
    rows = "".join(
        _row(coverage, number, line, by_line.get(number, ()))
        for number, line in enumerate(lines, start=1)
    )
    nav = " ".join(f'<a href="{_file(each)}">{escape(each)}</a>' for each in parts)
    key = (
        '<p class="key"><span class="hit">exercised</span><span class="partly">partly, or weakly '
        'checked</span><span class="missed">not exercised</span></p>'
    )
    drawn = f'<div class="drawn">{_drawing(coverage, flow)}</div>' if flow else ""
    body = f'<nav><a href="index.html">Coverage</a> {nav}</nav><h1>{escape(str(source))}</h1>{key}'
    table = f'<div class="file"><table>{rows}</table></div>'
    return _html(part, f"{body}<main>{table}{drawn}</main>")


def _row(coverage: Coverage, number: int, line: str, points: Sequence[Point]) -> str:
    if not points:
        return f'<tr><td class="n">{number}</td><td></td><td class="code">{escape(line)}</td></tr>'
    ways = {how(coverage, point) for point in points}
    colour = "partly" if len(ways) > 1 else _COLOURS[ways.pop()]
    told = "".join(f"<li>{escape(each)}</li>" for each in _told(coverage, points))
    times = sum(sum(coverage.by(point).values()) for point in points)
    return (
        f'<tr class="{colour}"><td class="n">{number}</td>'
        f"<td><details><summary>{times} x</summary><ul>{told}</ul></details></td>"
        f'<td class="code">{escape(line)}</td></tr>'
    )


def _told(coverage: Coverage, points: Sequence[Point]) -> Iterator[str]:
    """What stands on a line, and which recordings pass there."""
    for point in points:
        by = coverage.by(point)
        times = ", ".join(f"{path.stem} {count} x" for path, count in by.items()) or "by none"
        yield f"{point.kind} {point.name}: {how(coverage, point)}, {times}"


def _drawing(coverage: Coverage, flow: Flow) -> str:
    missed = frozenset(coverage.missed())
    names = {name for name, point in coverage.atlas.ways(flow.flow) if point in missed}
    return svg(chart_of(flow, names))


def _html(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>\n{_STYLE}\n</style></head>"
        f"<body>{body}</body></html>\n"
    )
