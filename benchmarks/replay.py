"""How fast recordings are replayed: a booking of four messages, over and over on one core.

Run it with ``python benchmarks/replay.py``; 1,000 replays are to take less than 10 s.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.rehearsing.studio import keep_what_is_loaded, studio
from bot.settings import load_settings

ROOT = Path(__file__).parents[1]
REPLAYS = 1000
AT_MOST = 10.0
"""Seconds."""

BOOKING = """\
title: A booking in four messages
now: 2026-11-23T09:00+07:00
office: jakarta_pusat
contact: {sender: '6281200000001'}
turns:
  - user: Pagi
    bot: [{contains: privasi}, {contains: Cara mendaftar}]
  - user: '#tgllayanan'
    bot: [{contains: 1. Selasa}]
  - user: '#Rina Contoh#17081990#25112026'
    bot: [{contains: RINA CONTOH}, {contains: kode persetujuan}]
    capture: {code: 'kode persetujuan \\*(\\d{8})\\*'}
  - user: '{{ code }}'
    bot: [{contains: Kode booking}, {contains: terlambat}]
"""


async def replays(path: Path) -> tuple[float, float]:
    """Replay it again and again; the seconds that took, by the clock and of the core."""
    async with studio(load_settings(ROOT / "config.yml", {})) as here:
        keep_what_is_loaded()
        began, used = time.perf_counter(), time.process_time()
        for _ in range(REPLAYS):
            result = await here.replay(path)
            if not result.passed:
                raise SystemExit("\n".join(map(str, result.complaints)))
        return time.perf_counter() - began, time.process_time() - used


def main() -> None:
    """Print the figure."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "booking.yml"
        path.write_text(BOOKING, encoding="utf-8")
        seconds, used = asyncio.run(replays(path))
    each = 1000 * used / REPLAYS
    print(f"{REPLAYS} replays of a booking, each file read anew: {seconds:.1f} s by the clock, ")
    print(f"{used:.1f} s of one core ({each:.1f} ms each); wanted: less than {AT_MOST:.0f} s")


if __name__ == "__main__":
    main()
