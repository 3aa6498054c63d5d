"""Imported by the process that :mod:`tests.support.mortal` forks from: does what is slow once."""

from bot.booking.barcode import barcode_png
from bot.booking.calendar import holidays_of
from bot.definitions import load_definitions
from bot.settings import load_settings
from tests.support import mortal
from tests.support.service import ROOT

__all__ = ["mortal"]

for _year in (2026, 2027):
    holidays_of(_year)
barcode_png("ANTRE")
load_definitions(load_settings(ROOT / "config.yml", {}).flows)
