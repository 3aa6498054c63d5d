"""The shipped flows for one office that is open on one day, as a rush needs it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from tests.support.service import ROOT

OFFICE: Final = "jakarta_pusat"

_OFFICES: Final = """
defaults:
  time_zone: Asia/Jakarta
  flow: passport_guided
  closed_weekdays: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]
  opened: [{day}]
  {opens}
  sessions:
{sessions}
offices:
  {office}:
    name: Kantor Imigrasi Kelas I Jakarta Pusat
    short_name: Jakarta Pusat
    prefix: JKP
    numbers: ["0812 9900 4406"]
"""
_SESSION: Final = (
    '    - {{id: {id}, name: {{id: {name}}}, from: "{start}", until: "{until}", seats: {seats}}}'
)
_HOURS: Final = {"pagi": ("08:00", "12:00"), "siang": ("13:00", "15:00")}


def flows_of_one_day(folder: Path, day: date, seats: Mapping[str, int], opens: str = "") -> Path:
    """A copy of the flows in ``folder``, whose one office is :data:`OFFICE`.

    Args:
        seats: by session, ``pagi`` or ``siang``.
        opens: a line of ``offices.yml``: when the quota opens.
    """
    shutil.copytree(ROOT / "flows", folder)
    sessions = []
    for name, number in seats.items():
        start, until = _HOURS[name]
        title = name.capitalize()
        sessions.append(
            _SESSION.format(id=name, name=title, start=start, until=until, seats=number)
        )
    text = _OFFICES.format(day=day, opens=opens, office=OFFICE, sessions="\n".join(sessions))
    (folder / "offices.yml").write_text(text, encoding="utf-8")
    return folder
