"""The applicants' page: offices, free dates, booking cards, and whose telephone number it is."""

from bot.desk.pages.applicants import booking, dates, offices, phone
from bot.desk.route import Route

ROUTES: tuple[Route, ...] = (*offices.ROUTES, *dates.ROUTES, *booking.ROUTES, *phone.ROUTES)

__all__ = ["ROUTES"]
